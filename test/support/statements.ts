import { eventually } from './eventually.js';

/** Reads `/metrics` of a server to which nobody else talks. */
export type Metrics = () => Promise<string>;

const NAME = 'apim_management_request_statements';

const figure = (text: string, part: 'sum' | 'count', face: string, operation: string): number => {
  const start = `${NAME}_${part}{face="${face}",operation="${operation}"} `;
  const line = text.split('\n').find((each) => each.startsWith(start));
  return line === undefined ? 0 : Number(line.slice(start.length));
};

/** How many SQL statements a call of the operation (`GET /apis/{apiId}`) sends; the least of three calls, since others fill caches. */
export const statementsOf = async (metrics: Metrics, face: string, operation: string, call: () => Promise<unknown>): Promise<number> => {
  const taken: number[] = [];
  let before = await metrics();
  for (let round = 0; round < 3; round += 1) {
    const counted = figure(before, 'count', face, operation);
    await call();
    // The server counts a request once its client has the whole answer.
    const after = await eventually(metrics, (text) => figure(text, 'count', face, operation) > counted);
    taken.push(figure(after, 'sum', face, operation) - figure(before, 'sum', face, operation));
    before = after;
  }
  return Math.min(...taken);
};
