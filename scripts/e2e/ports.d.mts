/** An offset at which all the server's ports are free; callers that run side by side name blocks of their own. */
export const freeOffset: (block?: number) => Promise<number>;
