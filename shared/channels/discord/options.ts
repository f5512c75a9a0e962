import * as z from 'zod';
import { utf16 } from '../../domain/text-count.ts';
import { ownOptions } from '../own-options.ts';

const id = z.string().regex(/^\d{1,20}$/, 'must be an id of digits');
const address = z.url({ protocol: /^https?$/ }).max(2_048);
const text = (most: number) => z.string().trim().min(1).max(most);

/** https://docs.discord.com/developers/resources/message#embed-object-embed-limits */
const embed = z.strictObject({
  title: text(256).optional(),
  description: text(4_096).optional(),
  url: address.optional(),
  /** `#rrggbb` */
  color: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'must be a colour like #5865f2')
    .optional(),
  author: z.strictObject({ name: text(256), url: address.optional() }).optional(),
  imageUrl: address.optional(),
  thumbnailUrl: address.optional(),
  footer: text(2_048).optional(),
  fields: z
    .array(z.strictObject({ name: text(256), value: text(1_024), inline: z.boolean().optional() }))
    .max(25)
    .optional(),
});
type Embed = z.infer<typeof embed>;

/** All embeds of a message together. */
const MOST_EMBED_CHARACTERS = 6_000;

const lengthOf = ({ title, description, author, footer, fields = [] }: Embed): number =>
  [title, description, author?.name, footer, ...fields.flatMap(({ name, value }) => [name, value])]
    .map((part) => utf16(part ?? ''))
    .reduce((sum, length) => sum + length, 0);

export const discordOptions = z.strictObject({
  username: text(80)
    .regex(/^(?!.*(discord|clyde))/i, 'must not hold discord or clyde')
    .optional()
    .describe('Shown in place of the webhook’s own name'),
  avatarUrl: address.optional().describe('Address of a picture that is shown in place of the webhook’s own'),
  threadId: id.optional().describe('A thread of the webhook’s channel to post in'),
  threadName: text(100).optional().describe('In a forum: the title of the new thread that the post becomes'),
  tagIds: z.array(id).max(5).optional().describe('In a forum: ids of the tags that the new thread bears'),
  mentions: z
    .array(z.enum(['users', 'roles', 'everyone']))
    .optional()
    .describe('Whose mention in the text notifies them; nobody’s unless told'),
  silent: z.boolean().optional().describe('Nobody’s phone makes a sound'),
  noPreviews: z.boolean().optional().describe('No previews of the links in the text'),
  embeds: z
    .array(embed)
    .max(10)
    .refine((embeds) => embeds.reduce((sum, one) => sum + lengthOf(one), 0) <= MOST_EMBED_CHARACTERS, {
      message: 'must be at most 6000 characters together',
    })
    .optional()
    .describe('Cards below the text, at most 6000 characters together'),
  multipleAnswers: z.boolean().optional().describe('Of a poll: more than one answer may be chosen'),
});
export type DiscordOptions = z.infer<typeof discordOptions>;

export const optionsOf = ownOptions(discordOptions);

/** An embed as the API takes it. */
export const toEmbed = ({ color, imageUrl, thumbnailUrl, footer, ...rest }: Embed) => ({
  ...rest,
  ...(color === undefined ? {} : { color: Number.parseInt(color.slice(1), 16) }),
  ...(imageUrl === undefined ? {} : { image: { url: imageUrl } }),
  ...(thumbnailUrl === undefined ? {} : { thumbnail: { url: thumbnailUrl } }),
  ...(footer === undefined ? {} : { footer: { text: footer } }),
});
