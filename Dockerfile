# docker build --target controller|proxy|all|cli .
#
# Written is to the volumes /var/lib/multicluster and /tmp alone, so that the root file system may be read-only.
# They run as user 65532 and need no capability: HAProxy listens on ports that the configuration names, such as 8080 and 8443.
ARG DOTNET=mcr.microsoft.com/dotnet
ARG DOTNET_VERSION=10.0

FROM ${DOTNET}/sdk:${DOTNET_VERSION} AS build
WORKDIR /src
COPY . .
# For this machine's architecture, with code that is compiled already.
RUN deploy/container/publish.sh controller /out/controller --use-current-runtime \
    && deploy/container/publish.sh proxy /out/proxy --use-current-runtime \
    && deploy/container/publish.sh all /out/all --use-current-runtime \
    && deploy/container/publish.sh cli /out/cli --use-current-runtime

FROM ${DOTNET}/aspnet:${DOTNET_VERSION} AS runtime

# No shell and no package manager: the runtime and what it needs.
FROM ${DOTNET}/aspnet:${DOTNET_VERSION}-noble-chiseled AS controller
COPY --from=build /out/controller/ /
COPY --from=build --chown=65532:65532 /out/controller/var/lib/multicluster /var/lib/multicluster
ENV DOTNET_EnableDiagnostics=0
USER 65532:65532
EXPOSE 9070 9071 9072
VOLUME ["/var/lib/multicluster", "/tmp"]
ENTRYPOINT ["/opt/multicluster/multicluster"]
CMD ["run", "--config", "/etc/multicluster/controller.conf"]

FROM ${DOTNET}/aspnet:${DOTNET_VERSION}-noble-chiseled AS cli
COPY --from=build /out/cli/ /
ENV DOTNET_EnableDiagnostics=0
USER 65532:65532
ENTRYPOINT ["/opt/mcctl/mcctl"]

# HAProxy 3.0 of Debian 13, which gets that distribution's security updates, and a shell, which HAProxy is started with.
FROM debian:trixie-slim AS haproxy
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates haproxy libssl3t64 libstdc++6 tzdata util-linux \
    && rm -rf /var/lib/apt/lists/* /var/log/*
COPY --from=runtime /usr/share/dotnet /usr/share/dotnet
ENV DOTNET_EnableDiagnostics=0
USER 65532:65532
EXPOSE 8080 8443 9070 9072
VOLUME ["/var/lib/multicluster", "/tmp"]
ENTRYPOINT ["/usr/local/bin/multicluster-proxy"]

FROM haproxy AS proxy
COPY --from=build /out/proxy/ /
COPY --from=build --chown=65532:65532 /out/proxy/var/lib/multicluster /var/lib/multicluster
CMD ["run", "--config", "/etc/multicluster/proxy.conf"]

FROM haproxy AS all
COPY --from=build /out/all/ /
COPY --from=build --chown=65532:65532 /out/all/var/lib/multicluster /var/lib/multicluster
EXPOSE 9071
CMD ["run", "--config", "/etc/multicluster/all.conf"]
