import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const KNOWN_API_WITHOUT_TOKEN = 401;

it('has workers that died back within a second, with everything deployed meanwhile, no more of them than there were, and others unharmed', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [join(process.cwd(), 'test', 'gateway', 'supervised.mjs')], {
    env: { ...process.env, NODE_OPTIONS: '' },
  });

  const result: Record<string, unknown> = JSON.parse(stdout);
  expect(result).toMatchObject({
    before: [KNOWN_API_WITHOUT_TOKEN],
    after: [KNOWN_API_WITHOUT_TOKEN],
    later: [KNOWN_API_WITHOUT_TOKEN],
    threads: 2,
    left: 0,
  });
  expect(result['backMs']).toBeLessThan(1_000);
  expect(result['unharmed']).toBeGreaterThan(0);
  expect(result['ended']).toBe(result['unharmed']);
});
