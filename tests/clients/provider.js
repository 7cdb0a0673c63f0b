// A real OpenID provider, npm's oidc-provider, on a free port of this machine: `start(options)`.
'use strict';

const crypto = require('node:crypto');
const http = require('node:http');

const AUDIENCE = 'api://clientele';

/** A private JWK for signing. */
function makeKey(type, kid) {
  const { privateKey } =
    type === 'ES256'
      ? crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), alg: type, use: 'sig', kid };
}

/**
 * Clients: { id, secret, claims, alg, audience }. What a client gets by client_credentials has its claims, for its
 * audience, signed with its algorithm.
 */
async function start({ clients, keys = [makeKey('RS256', 'rsa-1'), makeKey('ES256', 'ec-1')] }) {
  const { default: Provider } = await import('oidc-provider');
  const server = http.createServer((request, response) => handler(request, response));
  let handler = () => {};
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const of = (id) => clients.find((client) => client.id === id);
  const provider = new Provider(issuer, {
    clients: clients.map((client) => ({
      client_id: client.id,
      client_secret: client.secret,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      id_token_signed_response_alg: 'RS256',
    })),
    jwks: { keys },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => AUDIENCE,
        getResourceServerInfo: (context, resource, client) => ({
          scope: 'list',
          audience: of(client.clientId).audience ?? AUDIENCE,
          accessTokenTTL: 3600,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: of(client.clientId).alg ?? 'RS256' } },
        }),
      },
    },
    extraTokenClaims: (context, token) => of(token.clientId).claims,
  });
  handler = provider.callback();

  async function token(id) {
    const response = await fetch(`${issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: id,
        client_secret: of(id).secret,
        resource: AUDIENCE,
        scope: 'list',
      }),
    });
    const answer = await response.json();
    if (!answer.access_token) throw new Error(JSON.stringify(answer));
    return answer.access_token;
  }

  const stop = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { issuer, token, stop };
}

module.exports = { AUDIENCE, makeKey, start };
