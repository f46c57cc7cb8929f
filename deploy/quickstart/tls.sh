# shellcheck shell=bash
# Sourced by quickstart.sh: a certificate of our own, as Kubernetes manifests.
# shellcheck disable=SC2154 # quickstart.sh sets the names used here

# make_certificate HOST PREFIX: a self-signed one in PREFIX.crt and PREFIX.key.
make_certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj "/CN=$1" \
        -addext "subjectAltName=DNS:$1" -keyout "$2.key" -out "$2.crt" >"$run/log/openssl.log" 2>&1 || {
        cat "$run/log/openssl.log" >&2
        die "openssl could not make a certificate"
    }
}

# tls_manifests HOST PREFIX: the Secret, and an Ingress to the Service "shop" that uses it.
tls_manifests() {
    cat <<YAML
apiVersion: v1
kind: Secret
metadata:
  name: secure-tls
  namespace: shop
type: kubernetes.io/tls
data:
  tls.crt: $(base64 -w 0 "$2.crt")
  tls.key: $(base64 -w 0 "$2.key")
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: secure
  namespace: shop
spec:
  ingressClassName: multicluster
  tls:
  - hosts: [$1]
    secretName: secure-tls
  rules:
  - host: $1
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: shop
            port:
              name: http
YAML
}
