/** 38 characters of base64url hold the iv and the tag of an empty text. */
const BODY = '[A-Za-z0-9_-]{38,}';

/** Every text that may be a secret at rest, wherever it stands in a longer one. */
export const SEALED_TEXT = `v1:${BODY}|v2:[0-9a-f]{8}:${BODY}`;

/** As {@link SEALED_TEXT}, without those made with the key of this id. The same to Postgres and to JavaScript. */
export const sealedTextNotOf = (keyId: string): string => `v1:${BODY}|v2:(?!${keyId}:)[0-9a-f]{8}:${BODY}`;
