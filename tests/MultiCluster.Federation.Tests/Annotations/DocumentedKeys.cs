namespace MultiCluster.Federation.Tests.Annotations;

/// <summary>The keys that the controllers document, or read without documenting them, as they were found there: the tables must have each.</summary>
internal static class DocumentedKeys
{
    public const string Haproxy =
        """
        abortonclose allow-list auth-realm auth-secret auth-type backend-config-snippet blacklist check check-http check-interval
        clean-certs client-ca client-crt-optional client-strict-sni cookie-persistence cookie-persistence-no-dynamic
        cors-allow-credentials cors-allow-headers cors-allow-methods cors-allow-origin cors-enable cors-max-age cors-respond-to-options
        cr-backend cr-defaults cr-frontend-http cr-frontend-https cr-frontend-stats cr-global deny-list dontlognull forwarded-for
        frontend-config-snippet generate-certificates-signer global-config-snippet hard-stop-after http-connection-mode http-keep-alive
        http-server-close ingress.class load-balance log-format log-format-tcp logasap maxconn nbthread path-rewrite pod-maxconn
        prometheus-endpoint-auth-secret proxy-protocol quic-alt-svc-max-age rate-limit-period rate-limit-requests rate-limit-size
        rate-limit-status-code rate-limit-whitelist request-capture request-capture-len request-redirect request-redirect-code
        request-set-header response-set-header route-acl scale-server-slots send-proxy-protocol server-ca server-crt server-proto
        server-slots server-ssl servers-increment set-host src-ip-header ssl-certificate ssl-passthrough ssl-redirect ssl-redirect-code
        ssl-redirect-port standalone-backend stats-config-snippet syslog-server timeout-check timeout-client timeout-client-fin
        timeout-connect timeout-http-keep-alive timeout-http-request timeout-queue timeout-server timeout-server-fin timeout-tunnel
        tls-alpn whitelist
        """;

    public const string HaproxyIngress =
        """
        acme-emails acme-endpoint acme-expiring acme-preferred-chain acme-shared acme-terms-agreed affinity agent-check-addr
        agent-check-interval agent-check-port agent-check-send allow-local-bind allowlist-source-header allowlist-source-range app-root
        assign-backend-server-id auth-external-placement auth-headers-fail auth-headers-request auth-headers-succeed auth-log-format
        auth-method auth-proxy auth-realm auth-secret auth-signin auth-tls-cert-header auth-tls-default-secret auth-tls-error-page
        auth-tls-secret auth-tls-strict auth-tls-verify-client auth-type auth-url backend-check-interval backend-protocol
        backend-server-naming backend-server-slots-increment balance-algorithm bind-fronting-proxy bind-http bind-http-passthrough
        bind-https bind-ip-addr-healthz bind-ip-addr-http bind-ip-addr-prometheus bind-ip-addr-stats bind-ip-addr-tcp blue-green-balance
        blue-green-cookie blue-green-deploy blue-green-header blue-green-mode cert-signer close-sessions-duration config-backend
        config-backend-early config-backend-late config-defaults config-frontend config-frontend-early config-frontend-late
        config-global config-peers config-proxy config-sections config-tcp config-tcp-service cookie-key cors-allow-credentials
        cors-allow-headers cors-allow-methods cors-allow-origin cors-allow-origin-regex cors-enable cors-expose-headers cors-max-age
        cpu-map create-default-frontends cross-namespace-secrets-ca cross-namespace-secrets-crt cross-namespace-secrets-passwd
        cross-namespace-services default-backend-redirect default-backend-redirect-code denylist-source-range dns-accepted-payload-size
        dns-cluster-domain dns-hold-obsolete dns-hold-valid dns-resolvers dns-timeout-retry drain-support drain-support-redispatch
        dynamic-scaling external-has-lua fcgi-app fcgi-enabled-apps forwardfor fronting-proxy-port groupname headers health-check-addr
        health-check-fall-count health-check-interval health-check-port health-check-rise-count health-check-uri healthz-port hsts
        hsts-include-subdomains hsts-max-age hsts-preload http-frontend http-frontends http-header-match http-header-match-regex
        http-log-format http-passthrough http-passthrough-port http-port http-response-200 http-response-400 http-response-401
        http-response-403 http-response-404 http-response-405 http-response-407 http-response-408 http-response-410 http-response-413
        http-response-421 http-response-425 http-response-429 http-response-495 http-response-496 http-response-500 http-response-501
        http-response-502 http-response-503 http-response-504 http-response-prometheus-root https-log-format https-port
        https-to-http-port initial-weight limit-connections limit-rps limit-whitelist load-server-state master-exit-on-failure
        max-connections maxconn-server maxqueue-server modsecurity-args modsecurity-endpoints modsecurity-timeout-connect
        modsecurity-timeout-hello modsecurity-timeout-idle modsecurity-timeout-processing modsecurity-timeout-server
        modsecurity-use-coraza nbthread no-redirect-locations no-tls-redirect-locations oauth oauth-headers oauth-uri-prefix
        original-forwarded-for-hdr path-type path-type-order peers-name peers-port peers-table peers-table-global prometheus-port
        proxy-body-size proxy-protocol real-ip-hdr redirect-from redirect-from-code redirect-from-regex redirect-to redirect-to-code
        request-add-headers request-del-headers request-set-headers response-add-headers response-del-headers response-set-headers
        rewrite-target secure-backends secure-crt-secret secure-sni secure-verify-ca-secret secure-verify-hostname server-alias
        server-alias-regex service-upstream session-cookie-domain session-cookie-dynamic session-cookie-keywords session-cookie-name
        session-cookie-preserve session-cookie-same-site session-cookie-shared session-cookie-strategy session-cookie-value-strategy
        slots-min-free source-address-intf ssl-always-add-https ssl-always-follow-redirect ssl-cipher-suites ssl-cipher-suites-backend
        ssl-ciphers ssl-ciphers-backend ssl-dh-default-max-size ssl-dh-param ssl-engine ssl-fingerprint-lower ssl-fingerprint-sha2-bits
        ssl-headers-prefix ssl-mode-async ssl-options ssl-options-backend ssl-options-host ssl-passthrough ssl-passthrough-http-port
        ssl-redirect ssl-redirect-code stats-auth stats-port stats-proxy-protocol stats-ssl-cert strict-host syslog-endpoint
        syslog-format syslog-length syslog-tag tcp-log-format tcp-service-log-format tcp-service-port tcp-service-proxy-protocol
        timeout-client timeout-client-fin timeout-connect timeout-http-request timeout-keep-alive timeout-queue timeout-server
        timeout-server-fin timeout-stop timeout-tunnel tls-alpn use-chroot use-cpu-map use-forwarded-proto use-haproxy-user
        use-proxy-protocol use-resolver username var-namespace waf waf-mode whitelist-source-range worker-max-reloads
        """;

    public const string Nginx =
        """
        affinity affinity-canary-behavior affinity-mode allow-snippet-annotations allowlist-source-range annotations-risk-level app-root
        auth-always-set-cookie auth-cache-duration auth-cache-key auth-keepalive auth-keepalive-requests auth-keepalive-share-vars
        auth-keepalive-timeout auth-method auth-proxy-set-headers auth-realm auth-request-redirect auth-response-headers auth-secret
        auth-secret-type auth-signin auth-signin-redirect-param auth-snippet auth-tls-error-page auth-tls-match-cn
        auth-tls-pass-certificate-to-upstream auth-tls-secret auth-tls-verify-client auth-tls-verify-depth auth-type auth-url
        backend-protocol canary canary-by-cookie canary-by-header canary-by-header-pattern canary-by-header-value canary-weight
        canary-weight-total client-body-buffer-size configuration-snippet connection-proxy-header cors-allow-credentials
        cors-allow-headers cors-allow-methods cors-allow-origin cors-expose-headers cors-max-age custom-headers custom-http-errors
        default-backend denylist-source-range disable-proxy-intercept-errors enable-access-log enable-cors enable-global-auth
        enable-modsecurity enable-opentelemetry enable-owasp-core-rules enable-rewrite-log fastcgi-index fastcgi-params-configmap
        force-ssl-redirect from-to-www-redirect http2-push-preload limit-allowlist limit-burst-multiplier limit-connections limit-rate
        limit-rate-after limit-rpm limit-rps limit-whitelist load-balance mirror-host mirror-request-body mirror-target
        modsecurity-snippet modsecurity-transaction-id opentelemetry-operation-name opentelemetry-trust-incoming-span permanent-redirect
        permanent-redirect-code preserve-trailing-slash proxy-body-size proxy-buffer-size proxy-buffering proxy-buffers-number
        proxy-busy-buffers-size proxy-connect-timeout proxy-cookie-domain proxy-cookie-path proxy-http-version proxy-max-temp-file-size
        proxy-next-upstream proxy-next-upstream-timeout proxy-next-upstream-tries proxy-read-timeout proxy-redirect-from
        proxy-redirect-to proxy-request-buffering proxy-send-timeout proxy-ssl-ciphers proxy-ssl-name proxy-ssl-protocols
        proxy-ssl-secret proxy-ssl-server-name proxy-ssl-verify proxy-ssl-verify-depth relative-redirects rewrite-target satisfy
        server-alias server-snippet service-upstream session-cookie-change-on-failure session-cookie-conditional-samesite-none
        session-cookie-domain session-cookie-expires session-cookie-max-age session-cookie-name session-cookie-partitioned
        session-cookie-path session-cookie-samesite session-cookie-secure ssl-ciphers ssl-passthrough ssl-prefer-server-ciphers
        ssl-redirect stream-snippet temporal-redirect temporal-redirect-code upstream-hash-by upstream-hash-by-subset
        upstream-hash-by-subset-size upstream-vhost use-port-in-redirects use-regex whitelist-source-range x-forwarded-prefix
        """;
}
