/** Every setting of a running instance, checked. Milliseconds unless the name says otherwise. */
export interface Settings {
  readonly database: { readonly url: string; readonly migrationUrl: string };
  readonly kafka: {
    readonly brokers: readonly string[];
    readonly groupId: string;
    readonly clientId: string;
    readonly topics: { readonly requests: string; readonly outcomes: string; readonly deadLetters: string };
    readonly partitions: number;
    /** Null: the broker's default. */
    readonly replication: number | null;
    readonly sessionTimeoutMs: number;
    readonly ssl: {
      readonly ca: string | null;
      readonly cert: string | null;
      readonly key: string | null;
    } | null;
    readonly sasl: {
      readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
      readonly username: string;
      readonly password: string;
    } | null;
  };
  readonly tencent: {
    readonly baseUrl: string;
    readonly sdkAppId: number;
    readonly adminIdentifier: string;
    readonly secretKey: string;
    readonly callsPerSecond: number;
    readonly jitterAllowanceMs: number;
    readonly timeoutMs: number;
  };
  readonly requests: {
    readonly ttlMs: number;
    readonly maxTtlMs: number;
    readonly idRetentionDays: number;
    readonly auditRetentionDays: number;
    /** Larger values are dead letters. */
    readonly maxBytes: number;
  };
  readonly mirror: { readonly maxAgeMs: number; readonly auditShare: number };
  readonly http: { readonly host: string; readonly port: number };
  readonly log: {
    readonly level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';
    readonly format: 'json' | 'pretty';
  };
}
