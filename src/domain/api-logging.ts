/** How much the gateway writes of a call (`reference/operations.md` §8): nothing, its outline, its headers too, its bodies too. */
export const LOG_LEVELS = ['OFF', 'BASIC', 'STANDARD', 'FULL'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One resource of an API. */
export interface LoggedResource {
  readonly method: string;
  readonly target: string;
}

export interface ResourceLogLevel extends LoggedResource {
  readonly level: LogLevel;
}

/** Key: the API's id. Absent for an API of which nothing is written. */
export interface ApiLogLevelDocument {
  /** Of the API as a whole. */
  readonly level: LogLevel;
  /** Of resources with a level of their own; those that are `OFF` are left out. */
  readonly resources: readonly ResourceLogLevel[];
}

/** The level that holds for a resource: its own, else the API's. */
export const levelOf = (document: ApiLogLevelDocument | undefined, { method, target }: LoggedResource): LogLevel => {
  if (document === undefined) return 'OFF';
  return document.resources.find((resource) => resource.method === method && resource.target === target)?.level ?? document.level;
};
