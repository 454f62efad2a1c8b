/** What a worker writes down about its requests. Plain values: they cross a thread boundary. */
export interface ObservabilitySettings {
  /** How an access line looks; null writes none. */
  readonly accessLog: AccessLogFormat | null;
  readonly metrics: boolean;
  /** Share of the requests that are traced, of those whose caller has not decided; null traces none. */
  readonly traces: { readonly ratio: number } | null;
  /** Whether requests that bring no correlation id get one although nothing of the above writes it down. */
  readonly alwaysCorrelates: boolean;
  /** How much of a body is written to the log of an API at most. */
  readonly apiLogPayloadBytesMax: number;
}

export interface AccessLogFormat {
  readonly format: 'json' | 'pattern';
  readonly pattern: string;
}
