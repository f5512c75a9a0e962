import type { Instant } from '../domain/time.ts';
import { type AssistTexts, assistTextsFor } from './texts-assist.ts';

/** What somebody is asked to publish by hand: what mail and page are made of. */
export type AssistView = {
  readonly agencyName: string;
  readonly brandName: string;
  readonly locale: string;
  readonly timeZone: string;
  /** The network's name, and the channel's. */
  readonly network: string;
  readonly channelName: string;
  readonly dueAt: Instant;
  /** Of the person who is asked. */
  readonly name?: string;
  readonly text: string;
  readonly link?: string;
  readonly thread: readonly string[];
  readonly firstComment?: string;
  readonly poll?: {
    readonly question?: string | undefined;
    readonly options: readonly string[];
    readonly minutes: number;
  };
  readonly options: readonly { readonly name: string; readonly value: string }[];
  readonly media: readonly { readonly name: string; readonly alt: string; readonly url: string }[];
  readonly deepLink?: string;
  readonly profileUrl: string;
};

/** Words to be copied, under what they are. */
export type AssistPart = { readonly heading: string; readonly text: string };

/** Everything that must be entered, in its order; the files aside. */
export function assistParts(view: AssistView): AssistPart[] {
  const texts = assistTextsFor(view.locale);
  const { text, link, thread, firstComment, poll, options } = view;
  const part = (heading: string, said: string | undefined): AssistPart[] =>
    said === undefined || said.trim() === '' ? [] : [{ heading, text: said }];
  return [
    ...part(texts.text, text),
    ...part(texts.link, link !== undefined && text.includes(link) ? undefined : link),
    ...thread.flatMap((said, index) => part(texts.thread(index + 2), said)),
    ...part(texts.firstComment, firstComment),
    ...part(texts.poll, poll && pollText(poll, texts)),
    ...part(texts.options, options.map(({ name, value }) => `${name}: ${value}`).join('\n')),
  ];
}

function pollText(
  { question, options, minutes }: NonNullable<AssistView['poll']>,
  texts: AssistTexts,
): string {
  const lines = [...(question === undefined ? [] : [question]), ...options.map((option) => `– ${option}`)];
  return [...lines, texts.lasts(minutes)].join('\n');
}
