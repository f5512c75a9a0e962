import { codePoints } from '../domain/text-count.ts';
import { withLink } from './check-content.ts';
import type { Provider } from './provider.ts';
import { removeAll } from './remove-all.ts';
import { slackLogin, slackRenewal, verifySlack } from './slack/account.ts';
import { SLACK_API, type SlackCredential, slackCredential } from './slack/api.ts';
import { editOnSlack } from './slack/edit.ts';
import { findStep } from './slack/find.ts';
import { checkMessage, SLACK_LIMITS, type SlackOptions, slackOptions } from './slack/message.ts';
import { removeMessage, slackMetrics } from './slack/metrics.ts';
import { nextStep } from './slack/steps.ts';

/** A channel of a Slack workspace, by an app's bot. https://docs.slack.dev/apis/web-api/ */
export function slack(api = SLACK_API): Provider<SlackCredential, SlackOptions> {
  const provider: Provider<SlackCredential, SlackOptions> = {
    id: 'slack',
    name: 'Slack',
    limits: SLACK_LIMITS,
    countText: codePoints,
    credential: slackCredential,
    options: slackOptions,
    render: withLink,
    check: (variant, facts) => checkMessage(provider, variant, facts),
    verify: (credential, context) => verifySlack(api, credential, context),
    publish: (request, context) => nextStep({ api, credential: request.credential }, request, context),
    poll: (request, context) => nextStep({ api, credential: request.credential }, request, context),
    // Only an app that may read the channel can look; a minute is for slow ways of Slack's own.
    safety: { kind: 'blind' },
    safetyFor: ({ history }) =>
      history === true ? { kind: 'findable', findAfterSeconds: 60, marked: true } : { kind: 'blind' },
    find: (request, context) => findStep({ api, credential: request.credential }, request, context),
    metrics: slackMetrics(api),
    login: slackLogin(api),
    renewal: slackRenewal(api),
    edit: (request, context) => editOnSlack({ api, credential: request.credential }, request, context),
    remove: (request, context) =>
      removeAll(request, (id) =>
        removeMessage({ api, credential: request.credential }, request.credential.channelId, id, context),
      ),
  };
  return provider;
}
