/** Why the word of an outside issuer is not taken; the text is fit for the caller, its OAuth error code is the grant's. */
export class RemoteRefusal extends Error {
  override readonly name = 'RemoteRefusal';
}

/** Runs a reading of an assertion, and turns what is wrong with it into the grant's kind of error. */
export const refusedAs = async <T>(failure: (text: string) => Error, read: () => Promise<T>): Promise<T> => {
  try {
    return await read();
  } catch (err) {
    throw err instanceof RemoteRefusal ? failure(err.message) : err;
  }
};
