import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { FederatedAccountEntity } from './subjects/federated-account.entity.js';
import { FederatedAccounts } from './subjects/federated-accounts.service.js';
import { RemoteSignIn } from './subjects/remote-sign-in.service.js';
import { TokenSubjects } from './subjects/token-subjects.service.js';
import { IssuerKeys } from './trusted-issuers/issuer-keys.js';
import { RemoteJwts } from './trusted-issuers/remote-jwts.service.js';
import { RemoteKeySets } from './trusted-issuers/remote-key-sets.js';
import { TrustedIssuers } from './trusted-issuers/trusted-issuers.service.js';
import { UsedAssertions } from './trusted-issuers/used-assertions.service.js';

/** Users whom the issuers of outside key managers vouch for: whose word is taken, by which keys, and who the users are here. */
@Module({
  imports: [TypeOrmModule.forFeature([FederatedAccountEntity])],
  providers: [RemoteKeySets, FederatedAccounts, TrustedIssuers, IssuerKeys, RemoteJwts, UsedAssertions, RemoteSignIn, TokenSubjects],
  exports: [TrustedIssuers, IssuerKeys, RemoteJwts, UsedAssertions, RemoteSignIn, TokenSubjects],
})
export class TrustedIssuersModule {}
