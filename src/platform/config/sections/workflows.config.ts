import { IsBoolean, IsIn, Matches } from 'class-validator';
import { Setting } from '../setting.js';

const EXECUTORS = ['simple', 'approval'] as const;
type Executor = (typeof EXECUTORS)[number];

/** `[workflows]`: what needs an approval in tenants whose own configuration does not say. */
export class WorkflowsConfig {
  @Setting('New applications: `simple` takes them at once, `approval` asks a person. A default application is never asked about.')
  @IsIn(EXECUTORS)
  readonly applicationCreation: Executor = 'simple';

  @Setting('Changes of an application.')
  @IsIn(EXECUTORS)
  readonly applicationUpdate: Executor = 'simple';

  @Setting('Deletion of an application.')
  @IsIn(EXECUTORS)
  readonly applicationDeletion: Executor = 'simple';

  @Setting('Generation of production keys.')
  @IsIn(EXECUTORS)
  readonly productionApplicationRegistration: Executor = 'simple';

  @Setting('Generation of sandbox keys.')
  @IsIn(EXECUTORS)
  readonly sandboxApplicationRegistration: Executor = 'simple';

  @Setting(
    'Whether approvers are shown the attributes of an application, beside its name, policy and owner, in what they decide about it and its keys.',
  )
  @IsBoolean()
  readonly applicationAttributesVisibility: boolean = false;

  @Setting('New subscriptions: `simple` lets them in at once, `approval` asks a person.')
  @IsIn(EXECUTORS)
  readonly subscriptionCreation: Executor = 'simple';

  @Setting('Change of a subscription to another plan.')
  @IsIn(EXECUTORS)
  readonly subscriptionUpdate: Executor = 'simple';

  @Setting('End of a subscription.')
  @IsIn(EXECUTORS)
  readonly subscriptionDeletion: Executor = 'simple';

  @Setting('Users who sign up by themselves: with `approval` they may use the developer portal once somebody agreed.')
  @IsIn(EXECUTORS)
  readonly userSignUp: Executor = 'simple';

  @Setting('Deployment of a revision.')
  @IsIn(EXECUTORS)
  readonly apiRevisionDeployment: Executor = 'simple';

  @Setting('Life-cycle transitions of APIs and API products that ask a person, such as `Created:Publish,Published:Block`; empty: none.')
  @Matches(/^([^:,]+:[^:,]+(,[^:,]+:[^:,]+)*)?$/)
  readonly stateList: string = '';
}
