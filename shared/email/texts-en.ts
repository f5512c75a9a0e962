import { placeOf } from './place.ts';
import type { ReportTexts, Texts } from './texts.ts';
import { csvEn } from './texts-csv.ts';
import { unsubscribeEn } from './texts-en-alert.ts';

const posts = (count: number): string => (count === 1 ? 'post' : 'posts');
const interactions = (shown: string): string => (shown === '1' ? 'interaction' : 'interactions');

const report: ReportTexts = {
  subjectPublished: (published, planned, count) => `${published} of ${planned} ${posts(count)} published`,
  subjectNothing: 'nothing planned, nothing published',
  subjectMean: (mean) => `${mean} ${interactions(mean)} per post`,
  weekly: 'Weekly report',
  provisional: 'So far',
  provisionalNote:
    'This is an interim report: the week is not over yet. Posts younger than 24 hours are counted with what they have so far, so the numbers will change.',
  agencyCopy: 'agency copy',
  noteHeading: 'A note from your agency',
  publishedHeading: 'Published',
  publishedOf: (published, planned) => `${published} of ${planned}`,
  publishedLabel: posts,
  checking: (shown) => `${shown} being checked`,
  allPublished: 'Everything that was planned went out.',
  nothingPlanned: 'Nothing was planned for this week, and nothing was published.',
  issue: (kind, cause) => {
    switch (kind) {
      case 'checking':
        return 'We are checking whether this post is online.';
      case 'underway':
        return cause === null ? 'This post is on its way.' : 'This has not worked yet; we will keep trying.';
      case 'held':
        return HELD[cause ?? 'on_hold'] ?? 'This post is waiting for a go-ahead.';
      default:
        return NOT_OUT[cause ?? 'internal'];
    }
  },
  newDate: (at) => `New date: ${at}`,
  resonanceHeading: 'Response',
  meanLabel: (mean) => `${interactions(mean)} per post`,
  countedLine: (counted, interactions) => `Counted: ${counted} with ${interactions} in all.`,
  fromLastWeek: (count, shown) =>
    count === 1
      ? 'One of them is from the end of last week and was too young then.'
      : `${shown} of them are from the end of last week and were too young then.`,
  removed: (count, shown) =>
    count === 1
      ? 'One post can no longer be found on its network and does not count.'
      : `${shown} posts can no longer be found on their networks and do not count.`,
  lastWeek: (mean, change) =>
    change === null ? `The week before: ${mean}` : `${change} on the week before (${mean})`,
  fourWeeks: (weeks, mean, change) =>
    change === null
      ? `Average of the ${weeks} weeks before: ${mean}`
      : `${change} on the average of the ${weeks} weeks before (${mean})`,
  nothingToCompare: 'There are no earlier weeks to compare with yet.',
  nothingCounted: 'Nothing is counted yet: we count 24 hours after publishing.',
  nothingTold: 'The networks have provided no numbers for this week.',
  channelsHeading: 'Interactions per post by channel',
  channelTellsNothing: 'the network provides no numbers',
  channelNotCounted: 'no numbers yet',
  channelCounted: (published, counted) =>
    counted === null ? published : `${published}, counted: ${counted}`,
  noPosts: 'no posts',
  laterHeading: 'Not counted yet',
  laterLine: (count, shown) =>
    count === 1
      ? 'One post is still too young. It counts in the next report.'
      : `${shown} posts are still too young. They count in the next report.`,
  rankingHeading: 'Strongest and weakest post',
  strongest: 'Strongest',
  weakest: 'Weakest',
  interactions: (shown) => `${shown} ${interactions(shown)}`,
  usual: (median, over) =>
    `Usual ${over === 'four_weeks' ? 'in the weeks before' : 'this week'}: ${median} ${interactions(median)}.`,
  followersHeading: 'Followers (change in the week)',
  nextHeading: 'Coming up',
  nextPlanned: (count, shown) => (count === 1 ? 'One post is planned.' : `${shown} posts are planned.`),
  nextNothing: 'Nothing is planned yet.',
  requestHeading: 'One request',
  request: (request, audience) => {
    switch (request.kind) {
      case 'reconnect':
        return audience === 'agency'
          ? `The channel ${placeOf(request)} needs a new connection.`
          : `The channel ${placeOf(request)} needs a new sign-in. Please get in touch with us; it only takes a few minutes.`;
      case 'topics':
        return audience === 'agency'
          ? 'Nothing is planned for the coming days yet.'
          : 'What should we talk about next? Please send us a topic or a date.';
      case 'resolve':
        return request.count === 1
          ? 'It is unclear whether one post is online. Please look on the network and decide.'
          : `It is unclear whether ${request.count} posts are online. Please look on the network and decide.`;
      case 'reschedule':
        return request.count === 1
          ? 'One post did not go out and has no new date. Please decide whether to publish it after all.'
          : `${request.count} posts did not go out and have no new date. Please decide whether to publish them after all.`;
    }
  },
  agencyHeading: 'For the agency',
  lateness: (median, most, counted) => `Behind the due time: median ${median}, at most ${most} (${counted}).`,
  noLateness: 'Nothing is known about punctuality.',
  details: (code, attempts) => `${code ?? 'no code'}, tries: ${attempts}`,
  definitionsHeading: 'How we count',
  definitions: [
    'A post that appears on two channels counts twice.',
    'Interactions are reactions, replies, shares and saves, as far as the network provides them, counted 24 hours after publishing. What a network does not provide does not count as zero.',
    'Usual means: half of the posts had more, the other half fewer.',
    'Percentages are shown only from three posts and 20 interactions upwards.',
  ],
  tells: (count, networks, parts) => `${networks} ${count === 1 ? 'provides' : 'provide'} ${parts}.`,
  tellsNothing: (count, networks) => `${networks} ${count === 1 ? 'provides' : 'provide'} no numbers.`,
  part: { reactions: 'reactions', replies: 'replies', shares: 'shares', saves: 'saves' },
  asOf: (stamp, zone) => `As of ${stamp} (${zone})`,
  csvNote: 'All numbers are attached to this e-mail as a CSV file.',
  sentBy: (agency) => `This e-mail comes from ${agency}.`,
};

const NOT_OUT = {
  refused: 'Not published: the network did not accept the post.',
  unreachable: 'Not published: the network could not be reached for too long.',
  connection: 'Not published: the connection to the channel must be renewed.',
  interrupted: 'Not published: the transfer to the network broke off.',
  too_late: 'Not published: it would have come too late, so it was no longer sent.',
  on_hold: 'Not published: the post was on hold.',
  declined: 'Not published: it was to be published by hand, and that did not work out.',
  internal: 'Not published: there was a technical fault on our side.',
} as const;

const HELD: Readonly<Record<string, string>> = {
  connection: 'This post is waiting: the connection to the channel must be renewed.',
  too_late:
    'This post is waiting: its time has passed, and whether it still goes out has not been decided yet.',
  on_hold: 'This post is on hold.',
};

export const english: Texts = {
  language: 'en',
  cellSeparator: ',',
  quoted: (text) => `“${text}”`,
  noText: '(no text)',
  week: (week) => `Week ${Number(week.slice(-2))}`,
  posts: (count, shown) => `${shown} ${posts(count)}`,
  more: (_count, shown) => `… and ${shown} more, see the CSV file`,
  look: 'View post',
  report,
  csv: csvEn,
  unsubscribe: unsubscribeEn,
};
