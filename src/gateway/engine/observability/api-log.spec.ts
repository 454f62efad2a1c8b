import type { LinkedApi, Operation } from '../link.js';
import type { Policy } from '../pipeline.js';
import { API_LOG_STEP, ApiLog } from './api-log.js';
import { named, nameOf } from './step-names.js';

const throttle: Policy = named('throttle', () => undefined);
const pipeline = [throttle];
const operationOf = (method: string, target: string) => ({ method, target, pipeline }) as unknown as Operation; // what is looked at
const endpoints = { production: null, sandbox: null };
const apiOf = (...operations: readonly Operation[]) =>
  ({ operations, unmatchedLog: null, document: { endpoints } }) as unknown as LinkedApi; // as above
const stepsOf = (api: LinkedApi) => api.operations.map((each) => each.pipeline?.map(nameOf));
const log = new ApiLog(1_024, () => '');

it('has no step in the pipelines of an API that is OFF', () => {
  const api = apiOf(operationOf('GET', '/a'), operationOf('POST', '/a'));

  log.attach(api, undefined);

  expect(stepsOf(api)).toEqual([['throttle'], ['throttle']]);
  expect(api.unmatchedLog).toBeNull();
});

it('has one step first, however often the level changes, and none once it is OFF again', () => {
  const api = apiOf(operationOf('GET', '/a'), operationOf('POST', '/a'));

  log.attach(api, { level: 'BASIC', resources: [] });
  log.attach(api, { level: 'FULL', resources: [{ method: 'GET', target: '/a', level: 'BASIC' }] });
  expect(stepsOf(api)).toEqual([
    [API_LOG_STEP, 'throttle'],
    [API_LOG_STEP, 'throttle'],
  ]);

  log.attach(api, { level: 'OFF', resources: [{ method: 'GET', target: '/a', level: 'BASIC' }] });
  expect(stepsOf(api)).toEqual([[API_LOG_STEP, 'throttle'], ['throttle']]);

  log.attach(api, undefined);
  expect(stepsOf(api)).toEqual([['throttle'], ['throttle']]);
});
