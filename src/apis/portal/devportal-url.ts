import type { Installation } from '../../platform/config/installation.js';
import type { ApimConfig } from '../../platform/config/sections/apim.config.js';

/** Where people find the developer portal: the configured address, or this server's own. */
export const devportalUrl = (
  { devportal }: Pick<ApimConfig, 'devportal'>,
  { managementUrl }: Pick<Installation, 'managementUrl'>,
): string => devportal.url || `${managementUrl}/devportal`;
