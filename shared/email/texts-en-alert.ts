import type { AlertKind, AlertTexts, UnsubscribeTexts } from './texts.ts';

const WHAT: Readonly<Record<AlertKind, (where: string) => string>> = {
  failed: (where) => `Not published: ${where}`,
  missed: (where) => `Missed its time: ${where}`,
  uncertain: (where) => `Unclear whether published: ${where}`,
  incomplete: (where) => `Published, but not all of it: ${where}`,
  expiring: (where) => `Login is about to expire: ${where}`,
  expired: (where) => `Channel disconnected: ${where}`,
  mail_uncertain: (where) => `Unclear whether the weekly report arrived: ${where}`,
  mail_not_sent: (where) => `Weekly report not delivered: ${where}`,
  other: (where) => `Please look: ${where}`,
};

const TO_DO: Readonly<Record<AlertKind, string>> = {
  failed: 'What to do: fix the cause, then send the post again (retry) or give it a new date.',
  missed: 'What to do: decide whether it still fits. Then send it again (retry) or give it a new date.',
  uncertain:
    'What to do: check on the channel whether the post is there, and enter what you found (resolve). Until then, nothing is sent again.',
  incomplete:
    'What to do: add what is missing on the network by hand. The post itself is there and is not sent again.',
  expiring:
    'What to do: reconnect the channel before its login expires. Until then, everything goes out as planned.',
  expired:
    'What to do: reconnect the channel with fresh credentials. Waiting posts then go out according to their late policy.',
  mail_uncertain:
    'What to do: ask the recipient. If nothing arrived, send the report again with again:true. It is never sent a second time automatically.',
  mail_not_sent:
    'What to do: check the address and whether mail can be sent, then send the report again with again:true.',
  other: 'What to do: see /v1/attention for what it is about.',
};

export const alertEn: AlertTexts = {
  subject: (brand, count, first) =>
    count === 1 ? `${brand}: ${first}` : `${brand}: ${count} things need your attention`,
  title: 'Your attention is needed',
  what: (kind, where) => WHAT[kind](where),
  why: (reason) => `Why: ${reason}`,
  whatToDo: (kind) => TO_DO[kind],
  due: (at) => `Due: ${at}`,
  id: (id) => `Id: ${id}`,
  lookAtChannel: 'Check on the channel',
  howTo: 'How to do it with the API',
  grouped: 'Alerts are grouped: at most one e-mail in 15 minutes.',
  more: (count) => `… and ${count} more`,
};

export const unsubscribeEn: UnsubscribeTexts = {
  link: 'Unsubscribe from these e-mails',
  title: 'Unsubscribe',
  question: (brand, email) => `Stop sending e-mails about “${brand}” to ${email}?`,
  button: 'Yes, unsubscribe',
  done: (brand, email) => `Done: ${email} will get no more e-mails about “${brand}”.`,
  dead: 'This link is not valid or has expired. Please use the one in the most recent e-mail.',
};
