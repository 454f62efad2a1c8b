import { Injectable } from '@nestjs/common';
import aws4 from 'aws4';
import { type ApiRef, type EndpointConfig } from '../../domain/api.js';
import type { User } from '../../domain/user.js';
import { Secrets } from '../../platform/crypto/secrets.js';
import { Outbound, OutboundError } from '../../platform/outbound/outbound.js';
import { ApisForChange } from '../apis-for-change.js';
import { textAt } from '../definitions/json-document.js';
import { AWS_LAMBDA, endpointTypeOf } from '../endpoint-config.js';
import { openSecrets } from '../endpoint-secrets.js';
import { type AwsCredentials, arnsIn, assumedCredentials } from './aws-answers.js';
import { LambdaNotReachable } from './lambda-functions.problems.js';

const ANSWER_BYTES_MAX = 4 * 1_048_576;
const PAGES_MAX = 20;
/** It becomes part of the name of a host. */
const REGION = /^[a-z0-9-]{1,32}$/;

/** The functions that the AWS account behind an API offers. */
@Injectable()
export class LambdaFunctions {
  constructor(
    private readonly apis: ApisForChange,
    private readonly secrets: Secrets,
    private readonly outbound: Outbound,
  ) {}

  /** Their resource names; none for an API whose endpoint is not of that type. @throws ApiNotFound (404), Forbidden (403), LambdaNotReachable (400). */
  async names(caller: User, ref: ApiRef): Promise<readonly string[]> {
    const { endpointConfig } = (await this.apis.read(caller, ref)).details;
    if (endpointConfig === null || endpointTypeOf(endpointConfig) !== AWS_LAMBDA) return [];
    const config = { ...openSecrets(endpointConfig, (sealed) => this.secrets.decrypt(sealed)) };
    const region = regionOf(config, 'amznRegion');
    const credentials = await this.credentials(config, region);
    const names: string[] = [];
    let marker: string | undefined;
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const url = new URL(`https://lambda.${region}.amazonaws.com/2015-03-31/functions/`);
      if (marker !== undefined) url.searchParams.set('Marker', marker);
      const answer = arnsIn(await this.get(url, credentials, region, 'lambda'));
      names.push(...answer.names);
      marker = answer.next;
      if (marker === undefined) break;
    }
    return names;
  }

  /** The stored key, or the role that it may assume. */
  private async credentials(config: Readonly<Record<string, unknown>>, region: string): Promise<AwsCredentials> {
    const accessKey = textAt({ ...config }, 'amznAccessKey');
    const secretKey = textAt({ ...config }, 'amznSecretKey');
    if (accessKey === undefined || secretKey === undefined) throw LambdaNotReachable('No access key is stored for this API.');
    const stored = { accessKey, secretKey };
    const role = textAt({ ...config }, 'amznRoleArn');
    if (role === undefined) return stored;
    const roleRegion = textAt({ ...config }, 'amznRoleRegion') === undefined ? region : regionOf(config, 'amznRoleRegion');
    const url = new URL(`https://sts.${roleRegion}.amazonaws.com/`);
    const session = textAt({ ...config }, 'amznRoleSessionName') ?? 'api';
    const parameters = { Action: 'AssumeRole', Version: '2011-06-15', RoleArn: role, RoleSessionName: session };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return assumedCredentials(await this.get(url, stored, roleRegion, 'sts'));
  }

  private async get(url: URL, credentials: AwsCredentials, region: string, service: string): Promise<string> {
    try {
      const { status, body } = await this.outbound.get(url.href, ANSWER_BYTES_MAX, signedHeaders(url, credentials, region, service));
      if (status !== 200) throw LambdaNotReachable(`AWS answered ${status}.`);
      return body.toString('utf8');
    } catch (err) {
      if (err instanceof OutboundError) throw LambdaNotReachable(err.message);
      throw err;
    }
  }
}

const regionOf = (config: EndpointConfig, key: string): string => {
  const region = config[key];
  if (typeof region !== 'string' || !REGION.test(region)) throw LambdaNotReachable('The region is missing or unusable.');
  return region;
};

const signedHeaders = (url: URL, { accessKey, secretKey, sessionToken }: AwsCredentials, region: string, service: string) => {
  const { headers = {} } = aws4.sign(
    { host: url.host, path: `${url.pathname}${url.search}`, region, service },
    { accessKeyId: accessKey, secretAccessKey: secretKey, ...(sessionToken !== undefined && { sessionToken }) },
  );
  // The client names the host itself.
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (name === 'Host' ? [] : [[name, String(value)]])));
};
