/** Where the server under test is, and its first administrator. */
export interface ServerUnderTest {
  /** Added to every port. */
  readonly offset: number;
  /** Base URL of the management APIs, without a slash at the end. */
  readonly management: string;
  /** Base URL of the gateway over plain HTTP. */
  readonly gateway: string;
  /** Base URL of the gateway over TLS. */
  readonly gatewayTls: string;
  /** Where the server looks for a mail server; a test that expects mail listens there. */
  readonly mailPort: number;
  /** Where the server looks for its AI service; a test that has it asked listens there. */
  readonly aiPort: number;
  /** Where the server sends traces; a test that expects some listens there. */
  readonly tracePort: number;
  readonly admin: { readonly username: string; readonly password: string };
  /** The folder the server writes to; empty for a server that was running before. */
  readonly dataDir: string;
}

/** The environment variable in which the global set-up leaves the server's description, as JSON. */
const VARIABLE = 'GATEHOUSE_E2E_SERVER';

const read = (): ServerUnderTest => {
  const text = process.env[VARIABLE];
  if (!text) throw new Error(`${VARIABLE} is not set: run end-to-end tests with "npm run test:e2e -- <file>"`);
  return JSON.parse(text) as ServerUnderTest; // written by scripts/e2e/setup.mjs in this very shape
};

export const server: ServerUnderTest = read();
