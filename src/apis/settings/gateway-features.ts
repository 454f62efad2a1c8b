/** What an API's `gatewayType` calls our gateway; environments call the same one `Regular`. */
const OWN_GATEWAY = 'wso2/synapse';

/** Which API types a gateway serves and what can be set for them: the publisher's pages show only what is listed (`reference/web-clients.md`). */
export const GATEWAY_FEATURES: {
  readonly gatewayFeatures: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly apiTypes: Readonly<Record<string, readonly string[]>>;
} = {
  gatewayFeatures: {
    [OWN_GATEWAY]: {
      basic: ['defaultVersion', 'advertised'],
      runtime: [
        'transportsHTTP',
        'transportsHTTPS',
        'transportsMutualSSL',
        'oauth2',
        'apikey',
        'basicAuth',
        'keyManagerConfig',
        'audienceValidation',
        'cors',
        'schemaValidation',
        'queryAnalysis',
        'responseCaching',
        'backendThroughput',
      ],
      resources: ['apiLevelRateLimiting', 'operationLevelRateLimiting', 'operationSecurity'],
      endpoints: [
        'http',
        'address',
        'service',
        'default',
        'load_balance',
        'failover',
        'awslambda',
        'sequence_backend',
        'INLINE',
        'MOCKED_OAS',
        'typePRODUCTION',
        'typeSANDBOX',
        'advancedConfigurations',
        'loadBalanceAndFailoverConfigurations',
      ],
      localScopes: ['operationScopes'],
      monetization: ['monetization'],
      subscriptions: ['subscriptions'],
      tryout: ['tryout'],
    },
  },
  apiTypes: { rest: [OWN_GATEWAY], soap: [OWN_GATEWAY], graphql: [OWN_GATEWAY], ws: [OWN_GATEWAY], ai: [OWN_GATEWAY] },
};
