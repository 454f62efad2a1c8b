import { IsArray, IsInt, IsString, Matches, Min } from 'class-validator';
import { Section, Setting } from '../setting.js';

/** A certificate with its private key, in a file. */
export class KeyStoreConfig {
  @Setting('File with a certificate and its private key: PEM or PKCS#12. Empty: the server makes its own.')
  @IsString()
  readonly fileName: string = '';

  @Setting('What the file is said to be; the server looks at its content.')
  @IsString()
  readonly type: string = '';

  @Setting('Password of the file.', { secret: true })
  @IsString()
  readonly password: string = '';

  @Setting('Which key of the file; may be left out where there is one.')
  @IsString()
  readonly alias: string = '';

  @Setting('Password of the key, where it is another.', { secret: true })
  @IsString()
  readonly keyPassword: string = '';
}

/** Host names as certificates have them. */
const HOST = /^(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/i;

/** `[[gateway.certificate]]`. */
export class HostCertificateConfig {
  @Setting('Host names it is for; `*.example.com` stands for every name one label below.')
  @IsArray()
  @Matches(HOST, { each: true, message: 'each of $property must be a name like api.example.com or *.example.com' })
  readonly hosts: readonly string[] = [];

  @Setting('File with the certificate, its chain and its private key: PEM or PKCS#12.')
  @IsString()
  readonly fileName: string = '';

  @Setting('What the file is said to be; the server looks at its content.')
  @IsString()
  readonly type: string = '';

  @Setting('Password of the file.', { secret: true })
  @IsString()
  readonly password: string = '';

  @Setting('Which key of the file; may be left out where there is one.')
  @IsString()
  readonly alias: string = '';

  @Setting('Password of the key, where it is another.', { secret: true })
  @IsString()
  readonly keyPassword: string = '';
}

/** `[keystore]`. */
export class KeystoreConfig {
  @Section(KeyStoreConfig, 'Certificate of the HTTPS ports.')
  readonly tls = new KeyStoreConfig();

  @Section(KeyStoreConfig, 'Key pair that signs the tokens of the super tenant; RSA.')
  readonly primary = new KeyStoreConfig();

  @Setting('How often the file with the certificate of the HTTPS ports is looked at for a new one, in milliseconds; 0: never.')
  @IsInt()
  @Min(0)
  readonly reloadIntervalMs: number = 60_000;
}
