import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, QueryFailedError } from 'typeorm';
import type { EventMap, EventName } from '../../domain/events.js';
import { Problem } from '../../domain/problem.js';
import { Events } from '../events/events.js';
import { actorOf, originNow } from '../origin/origin.js';

/** One running transaction: its entity manager, what it does at the very end, and the events that leave after its commit. */
export interface Tx {
  readonly em: EntityManager;
  /** Leaves a step for the end of the work, right before the commit: one that takes a lock for which others, holding rows, may wait. */
  atEnd(step: () => Promise<void>): void;
  raise<K extends EventName>(name: K, payload: EventMap[K]): void;
}

/** Postgres: a unique constraint was broken. */
const UNIQUE_VIOLATION = '23505';
/** Who changes something in a request that names no caller, such as a sign-up. */
const ANONYMOUS = 'anonymous';

@Injectable()
export class Transactions {
  constructor(
    private readonly database: DataSource,
    private readonly events: Events,
  ) {}

  /** Runs the work, and then what it left for the end, in one transaction; events raised in it leave after the commit and never when it fails. */
  async run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const raised: (() => void)[] = [];
    const result = await this.database.transaction(async (em) => {
      await saysWhose(em);
      const steps: (() => Promise<void>)[] = [];
      const done = await work({
        em,
        atEnd: (step) => steps.push(step),
        raise: (name, payload) => raised.push(() => this.events.emit(name, payload)),
      });
      for (const step of steps) await step();
      return done;
    });
    for (const emit of raised) emit();
    return result;
  }
}

/** Tells the triggers that audit changes who makes them, and from where, until the transaction ends. What the server does by itself says nothing. */
const saysWhose = async (em: EntityManager): Promise<void> => {
  const origin = originNow();
  if (!origin) return;
  const actor = actorOf(origin) ?? ANONYMOUS;
  await em.query("SELECT set_config('gatehouse.actor', $1, true), set_config('gatehouse.address', $2, true)", [actor, origin.address]);
};

/** Runs work of the transaction that leaves no audit entries: what every tenant is given alike, which the entry of the tenant itself tells. */
export const unaudited = async <T>({ em }: Tx, work: () => Promise<T>): Promise<T> => {
  await em.query("SELECT set_config('gatehouse.audit', 'off', true)");
  const done = await work();
  // After a failure the transaction is rolled back, and the setting with it.
  await em.query("SELECT set_config('gatehouse.audit', '', true)");
  return done;
};

/**
 * For `.catch`: turns the violation of the named unique constraint into the given problem and leaves any other failure as it is.
 * The database decides uniqueness.
 */
export const onConflict =
  (constraint: string, refusal: () => Problem) =>
  (err: unknown): never => {
    if (err instanceof QueryFailedError) {
      const cause: { code?: string; constraint?: string } = err.driverError;
      if (cause.code === UNIQUE_VIOLATION && cause.constraint === constraint) throw refusal();
    }
    throw err;
  };
