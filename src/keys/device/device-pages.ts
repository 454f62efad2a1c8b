import { SUPER_TENANT } from '../../domain/organization.js';
import { html } from '../pages/html.js';
import type { Page } from '../pages/page.js';

export interface CodeEntry {
  readonly organization: string;
  /** Posts go where the page came from. */
  readonly action: string;
  /** What is in the field already. */
  readonly typed: string;
  /** Why the last one was not taken; undefined before the first. */
  readonly failure: string | undefined;
}

/** Where the user types the code that the device shows. */
export const codeEntryPage = ({ organization, action, typed, failure }: CodeEntry): Page => ({
  title: `${failure === undefined ? '' : 'Error: '}Connect a device`,
  owner: organization === SUPER_TENANT ? undefined : organization,
  content: html`<h1>Connect a device</h1>
<p>Type the code that your device shows.</p>
${failure === undefined ? undefined : html`<p class="alert" role="alert" id="failure">${failure}</p>`}
<form method="post" action="${action}">
<div class="field"><label for="user_code">Code</label>
<input type="text" id="user_code" name="user_code" value="${typed}" required autofocus autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="40"${failure === undefined ? undefined : html` aria-describedby="failure"`}></div>
<button type="submit">Continue</button>
</form>
<p class="quiet">Go on only if you have started this yourself, on a device in front of you.</p>`,
});
