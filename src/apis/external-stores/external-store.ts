/** Another server whose store may offer the APIs of a tenant. */
export interface ExternalStore {
  readonly id: string;
  readonly displayName: string;
  readonly type: string;
  /** Address of the server, without the path of an API. */
  readonly endpoint: string;
  readonly username: string;
  readonly password: string;
}

/** An API as it is offered by a store. */
export interface PublishedApi {
  readonly storeId: string;
  readonly updatedAt: Date;
}
