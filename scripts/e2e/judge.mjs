import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import '../conformance/typescript.mjs';

/** Answers with what is wrong about each answer it is told of; its address is for `test/support/judge.ts`. */
export const startJudge = async () => {
  const { record } = await import('../../test/support/contract-validation.ts');
  const server = createServer(async (request, reply) => {
    try {
      reply.end(JSON.stringify(record(JSON.parse(await text(request)))));
    } catch (err) {
      reply.writeHead(500).end(String(err?.stack ?? err));
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, stop: () => server.close() };
};
