#!/bin/sh
# nginx before a server, with TLS and HTTP/2, and an authority of its own: FOLDER/ca.pem; FOLDER/stranger.pem is another.
# Usage: tls_proxy.sh FOLDER PORT UPSTREAM    FOLDER exists; it is good for 127.0.0.1, localhost and service.example.
# A line for each request in FOLDER/requests: protocol, status, encoding sent, target.
set -eu
PATH="$PATH:/usr/sbin"
folder="$1"
port="$2"
upstream="$3"

authority() { # NAME
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$1" \
        -keyout "$folder/$1.key" -out "$folder/$1.pem" 2>/dev/null
}

authority ca
authority stranger
openssl req -x509 -CA "$folder/ca.pem" -CAkey "$folder/ca.key" -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
    -nodes -days 2 -subj /CN=service.example -addext basicConstraints=critical,CA:FALSE \
    -addext subjectAltName=DNS:service.example,DNS:localhost,IP:127.0.0.1 \
    -keyout "$folder/server.key" -out "$folder/server.pem" 2>/dev/null

cat >"$folder/nginx.conf" <<END
$([ "$(id -u)" -ne 0 ] || echo 'user root;')
daemon off;
master_process off;
pid $folder/pid;
error_log stderr error;
events { worker_connections 256; }
http {
    client_body_temp_path $folder/client;
    proxy_temp_path $folder/proxy;
    fastcgi_temp_path $folder/fastcgi;
    uwsgi_temp_path $folder/uwsgi;
    scgi_temp_path $folder/scgi;
    log_format request '\$server_protocol \$status [\$sent_http_content_encoding] \$request_uri';
    access_log $folder/requests request;
    gzip on;
    gzip_types application/json;
    server {
        listen 127.0.0.1:$port ssl http2;
        ssl_certificate $folder/server.pem;
        ssl_certificate_key $folder/server.key;
        location / {
            proxy_pass http://$upstream;
            proxy_http_version 1.1;
            proxy_set_header Host \$http_host;
            proxy_set_header Connection "";
        }
    }
}
END
exec nginx -e stderr -c "$folder/nginx.conf"
