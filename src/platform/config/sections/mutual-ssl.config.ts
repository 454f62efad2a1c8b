import { X509Certificate } from 'node:crypto';
import { IsArray, IsString, Matches, ValidateBy } from 'class-validator';
import { Section, Setting } from '../setting.js';

const isCertificate = (value: unknown): boolean => {
  try {
    return typeof value === 'string' && new X509Certificate(value).raw.length > 0;
  } catch {
    return false;
  }
};

const AreCertificates = () =>
  ValidateBy(
    { name: 'areCertificates', validator: { validate: isCertificate, defaultMessage: () => '$property must hold certificates as PEM' } },
    { each: true },
  );

/** `[apimgt.mutual_ssl]`. */
export class MutualSslConfig {
  @Setting('Header in which a load balancer passes on the certificate of its client.')
  @Matches(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/)
  readonly certificateHeader: string = 'X-WSO2-CLIENT-CERTIFICATE';

  @Setting(
    'Whether load balancers are known by their own certificate, which must be one of `trusted_proxy_certificates`. `false`: by their address, one of `gateway.trusted_proxies`. The header of anybody else is ignored.',
  )
  readonly enableClientValidation: boolean = true;

  @Setting('Whether the header is URL-encoded or base64 of the whole PEM text. `false`: PEM with spaces in place of line ends.')
  readonly clientCertificateEncode: boolean = false;

  @Setting('Whether a header that is believed goes on to the backend.')
  readonly forwardClientCertificateHeader: boolean = false;

  @Setting('Whether an API also lets in clients whose certificate was issued by one that it lists.')
  readonly enableCertificateChainValidation: boolean = false;

  @Setting('Certificates of load balancers, or of the authorities that issued them, as PEM.')
  @IsArray()
  @IsString({ each: true })
  @AreCertificates()
  readonly trustedProxyCertificates: readonly string[] = [];
}

/** `[apimgt]`. */
export class ApimgtConfig {
  @Section(MutualSslConfig)
  readonly mutualSsl = new MutualSslConfig();
}
