/** Where the database is, in the words of `pg`. */
export class DatabaseAddress {
  constructor(
    readonly options: { readonly connectionString: string } | { readonly host: string; readonly user: string; readonly database: string },
  ) {}
}
