import * as z from 'zod';
import { channelInput, channelPatch } from '../../shared/domain/channel.ts';
import { channelProvider } from '../../shared/usecases/channel-provider.ts';
import { connectChannel } from '../../shared/usecases/connect-channel.ts';
import { deleteChannel } from '../../shared/usecases/delete-channel.ts';
import { updateChannel } from '../../shared/usecases/update-channel.ts';
import { verifyChannel } from '../../shared/usecases/verify-channel.ts';
import { checkOptions, providerOf, readCredential } from './channel-input.ts';
import { channelSchema, presentChannel, tagged } from './channel-view.ts';
import { visibleBrand, visibleChannel } from './lookup.ts';
import { ifMatch, mergePatch } from './revision.ts';
import { type Route, route } from './route.ts';

const tag = 'Channels';
const IF_MATCH = { 'If-Match': 'ETag of the version that you read; 412 when it was changed since' };

export const channelRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/v1/brands/{brandId}/channels',
    operationId: 'connectChannel',
    summary: 'Connect an account',
    description:
      'The credential is tried at its network at once, which also tells whose it is; it is stored encrypted and ' +
      'never shown again. What each network takes as `credential` and `options` is in `GET /v1/networks`. An ' +
      'account stands in a brand once; one that stands in another brand needs `shared: true`. With `assisted: true` a ' +
      'person publishes by hand: the `credential` is then `{responsible, profileUrl, handle?, name?}` on every network, ' +
      'nobody is asked whether it is right, and the network’s rules stay in force.',
    tag,
    scope: 'admin',
    body: channelInput.meta({
      id: 'ChannelInput',
      examples: [
        {
          network: 'mastodon',
          name: 'Bakery on Mastodon',
          credential: { instanceUrl: 'https://mastodon.example', accessToken: '…' },
        },
      ],
    }),
    answers: { 201: channelSchema },
    handle: async (request, deps) => {
      const { caller, body } = request;
      const brand = await visibleBrand(request, deps, request.params.brandId ?? '');
      const provider = await providerOf(deps, body);
      checkOptions(provider, body.options);
      const channel = await connectChannel(deps, {
        agency: caller.agency,
        actor: caller.actor,
        brand,
        provider,
        name: body.name,
        credential: readCredential(provider, body.credential),
        options: body.options,
        shared: body.shared,
      });
      return {
        status: 201,
        headers: { location: `/v1/channels/${channel.id}`, ...tagged(channel) },
        body: presentChannel(channel, provider),
      };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/brands/{brandId}/channels',
    operationId: 'listChannels',
    summary: 'Channels of a client, by name',
    tag,
    scope: 'reader',
    answers: { 200: z.object({ items: z.array(channelSchema) }) },
    handle: async (request, deps) => {
      const brand = await visibleBrand(request, deps, request.params.brandId ?? '');
      const channels = await deps.channels.list(request.caller.agency.id, brand.id);
      const sorted = channels.toSorted((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));
      const items = await Promise.all(
        sorted.map(async (channel) => presentChannel(channel, await channelProvider(deps, channel))),
      );
      return { status: 200, body: { items } };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/channels/{channelId}',
    operationId: 'getChannel',
    summary: 'One channel',
    tag,
    scope: 'reader',
    answers: { 200: channelSchema },
    handle: async (request, deps) => {
      const channel = await visibleChannel(request, deps, request.params.channelId);
      return {
        status: 200,
        headers: tagged(channel),
        body: presentChannel(channel, await channelProvider(deps, channel)),
      };
    },
  }),
  route({
    method: 'PATCH',
    path: '/v1/channels/{channelId}',
    operationId: 'updateChannel',
    summary: 'Rename, reconnect, or change options',
    description:
      '`options` are merged (RFC 7396); a `credential` is replaced whole, tried at the network first, and must be of ' +
      'the same account. A good one sends what was held for the lack of it on its way, by the late policy.',
    tag,
    scope: 'admin',
    body: channelPatch.meta({ id: 'ChannelPatch' }),
    bodyType: 'application/merge-patch+json',
    headers: IF_MATCH,
    answers: { 200: channelSchema },
    handle: async (request, deps) => {
      const { caller, body } = request;
      const channel = await visibleChannel(request, deps, request.params.channelId);
      ifMatch(request, channel.version);
      const provider = await providerOf(deps, channel);
      const options =
        body.options && (mergePatch(channel.options, body.options) as Readonly<Record<string, unknown>>);
      if (options) checkOptions(provider, options);
      const stored = await updateChannel(deps, {
        agency: caller.agency,
        actor: caller.actor,
        channel,
        name: body.name,
        options,
        credential: body.credential && { provider, value: readCredential(provider, body.credential) },
      });
      return { status: 200, headers: tagged(stored), body: presentChannel(stored, provider) };
    },
  }),
  route({
    method: 'POST',
    path: '/v1/channels/{channelId}/verify',
    operationId: 'verifyChannel',
    summary: 'Ask the network whether the channel still works',
    description:
      'Always 200, with the channel as it then stands and `result`: `verified`; `refused`, which makes it `expired`; ' +
      'or `unreachable`, which changes nothing, because nobody can tell now.',
    tag,
    scope: 'editor',
    answers: {
      200: channelSchema
        .extend({
          result: z.enum(['verified', 'refused', 'unreachable']),
          reason: z.string().optional(),
        })
        .meta({ id: 'ChannelVerdict' }),
    },
    handle: async (request, deps) => {
      const { agency, actor } = request.caller;
      const channel = await visibleChannel(request, deps, request.params.channelId);
      const provider = await providerOf(deps, channel);
      const verdict = await verifyChannel(deps, { agency, actor, channel, provider });
      return {
        status: 200,
        headers: tagged(verdict.channel),
        body: {
          ...presentChannel(verdict.channel, provider),
          result: verdict.result,
          ...(verdict.reason === undefined ? {} : { reason: verdict.reason }),
        },
      };
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/channels/{channelId}',
    operationId: 'deleteChannel',
    summary: 'Remove a channel and its credential',
    description:
      'What is published stays on the network. While deliveries are open the answer is a 409 that lists them in ' +
      '`deliveries`; `cancel=true` cancels them first.',
    tag,
    scope: 'admin',
    query: z.strictObject({ cancel: z.boolean().default(false).describe('Cancel what is still open') }),
    headers: IF_MATCH,
    answers: { 204: null },
    handle: async (request, deps) => {
      const channel = await visibleChannel(request, deps, request.params.channelId);
      ifMatch(request, channel.version);
      await deleteChannel(deps, {
        actor: request.caller.actor,
        channel,
        cancel: request.query.cancel,
      });
      return { status: 204 };
    },
  }),
];
