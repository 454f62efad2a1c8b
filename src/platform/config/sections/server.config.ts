import { IsInt, IsNotEmpty, IsString, Max, Min } from 'class-validator';
import { Setting } from '../setting.js';

export class ServerConfig {
  @Setting('Host name in the URLs the server hands out, its issuer and its certificate.')
  @IsString()
  @IsNotEmpty()
  readonly hostname: string = 'localhost';

  @Setting('Added to every port.')
  @IsInt()
  @Min(0)
  @Max(50_000)
  readonly offset: number = 0;

  @Setting('Profile to run, when neither `--profile` nor `APIM_PROFILE` names one.')
  @IsString()
  readonly serverRole: string = 'default';

  @Setting('Folder for everything the process writes: database, certificate, keys, last gateway copy.')
  @IsString()
  @IsNotEmpty()
  readonly dataDir: string = 'data';

  @Setting('Address the management and gateway ports are opened on.')
  @IsString()
  @IsNotEmpty()
  readonly bindAddress: string = '0.0.0.0';

  @Setting(
    'Whether users, roles, tenants and OAuth clients can be managed over SOAP, by clients older than the REST APIs; see docs/admin-services.md.',
  )
  readonly legacyAdminServices: boolean = true;
}

export class SuperAdminConfig {
  @Setting('Name of the first administrator, created at the first start.')
  @IsString()
  @IsNotEmpty()
  readonly username: string = 'admin';

  @Setting('Its password. Any profile but the all-in-one on its embedded database refuses the value `admin`.', { secret: true })
  @IsString()
  @IsNotEmpty()
  readonly password: string = 'admin';

  @Setting('Create the administrator when it does not exist.')
  readonly createAdminAccount: boolean = true;
}

export class EncryptionConfig {
  @Setting(
    'AES-256 key for stored secrets, 64 hexadecimal digits. The all-in-one on its embedded database makes one; any other setup needs it.',
    {
      secret: true,
    },
  )
  @IsString()
  readonly key: string = '';

  @Setting(
    'Earlier keys: what was encrypted with them is still read, until `gatehouse secrets rotate` has encrypted it anew. See docs/secrets.md.',
    {
      secret: true,
    },
  )
  @IsString({ each: true })
  readonly previousKeys: readonly string[] = [];
}
