import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const BODY = JSON.stringify({ ok: true, items: Array.from({ length: 20 }, (_, id) => ({ id, name: `item ${id}` })) });

/** nginx as the backend. */
export const nginxBackend = (folder, port) =>
  nginx(
    folder,
    'backend',
    `server { listen 127.0.0.1:${port} backlog=1024; location / { default_type application/json; return 200 '${BODY}'; } }`,
  );

/** nginx as a proxy with keep-alive towards the backend. */
export const nginxProxy = (folder, port, backendPort) =>
  nginx(
    folder,
    'proxy',
    `upstream backend { server 127.0.0.1:${backendPort}; keepalive 256; }
     server { listen 127.0.0.1:${port} backlog=1024; location / { proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection ""; } }`,
  );

const nginx = (folder, name, server) => {
  const file = join(folder, `nginx-${name}.conf`);
  writeFileSync(
    file,
    `daemon off; worker_processes 1; pid ${folder}/nginx-${name}.pid; error_log ${folder}/nginx-${name}.log;
     events { worker_connections 4096; }
     http { access_log off; keepalive_requests 1000000; client_body_temp_path ${folder}/${name}-body; proxy_temp_path ${folder}/${name}-proxy;
       fastcgi_temp_path ${folder}/${name}-fcgi; uwsgi_temp_path ${folder}/${name}-uwsgi; scgi_temp_path ${folder}/${name}-scgi; ${server} }`,
  );
  return ['nginx', '-p', folder, '-c', file];
};

/** HAProxy on one thread; with a public key it also checks RS256 tokens and keeps a rate counter per token. */
export const haproxy = (folder, name, port, backendPort, publicKeyFile) => {
  const file = join(folder, `haproxy-${name}.cfg`);
  const checks = publicKeyFile
    ? `http-request set-var(txn.bearer) http_auth_bearer
       http-request set-var(txn.alg) var(txn.bearer),jwt_header_query('$.alg')
       http-request deny deny_status 401 unless { var(txn.alg) -m str RS256 }
       http-request deny deny_status 401 unless { var(txn.bearer),jwt_verify(txn.alg,"${publicKeyFile}") -m int 1 }
       stick-table type string len 64 size 100k expire 60s store http_req_rate(60s)
       http-request track-sc0 var(txn.bearer),jwt_payload_query('$.azp')
       http-request deny deny_status 429 if { sc_http_req_rate(0) gt 2000000000 }`
    : '';
  writeFileSync(
    file,
    `global
       nbthread 1
       maxconn 4096
       tune.bufsize 32768
     defaults
       mode http
       timeout connect 5s
       timeout client 60s
       timeout server 60s
       http-reuse always
     frontend in
       bind 127.0.0.1:${port}
       ${checks}
       default_backend out
     backend out
       server one 127.0.0.1:${backendPort}
`,
  );
  return ['haproxy', '-db', '-f', file];
};
