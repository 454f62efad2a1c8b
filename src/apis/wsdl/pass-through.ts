/** The definition of an API that passes SOAP through: one resource for every message, whatever the action (`reference/protocols.md` §7). */
export const passThroughDefinition = (name: string, version: string): string =>
  JSON.stringify({
    openapi: '3.0.1',
    info: { title: name, version },
    servers: [{ url: '/' }],
    paths: {
      '/*': {
        post: {
          description: 'Takes every SOAP message of the service.',
          parameters: [
            {
              name: 'SOAPAction',
              in: 'header',
              description: 'The action of a SOAP 1.1 message; SOAP 1.2 names it in its Content-Type.',
              required: false,
              schema: { type: 'string' },
            },
          ],
          requestBody: {
            description: 'A SOAP envelope.',
            content: { 'text/xml': { schema: { type: 'string' } }, 'application/soap+xml': { schema: { type: 'string' } } },
            required: true,
          },
          responses: { 200: { description: 'OK' } },
        },
      },
    },
  });
