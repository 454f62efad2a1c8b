import type { MediationError, Message } from './message.js';

/** What fault policies read of a failure (`reference/mediation.md` §9.1); a code that somebody has set stays. */
export const noteFailure = (message: Message, { code, message: reason }: Pick<MediationError, 'code' | 'message'>): void => {
  if (message.get('default', 'ERROR_CODE') === null) message.set('default', 'ERROR_CODE', code);
  const [first = ''] = reason.split('\n', 1);
  if (message.get('default', 'ERROR_MESSAGE') === null) message.set('default', 'ERROR_MESSAGE', first);
  message.set('default', 'ERROR_DETAIL', first);
  message.set('default', 'ERROR_EXCEPTION', first);
};

/** Forgets it: the next failure of the exchange is another one. */
export const forgetFailure = (message: Message): void => {
  for (const name of ['ERROR_CODE', 'ERROR_MESSAGE', 'ERROR_DETAIL', 'ERROR_EXCEPTION']) message.remove('default', name);
};
