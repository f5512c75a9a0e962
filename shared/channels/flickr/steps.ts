import * as z from 'zod';
import { HOUR, MINUTE, SECOND } from '../../domain/time.ts';
import type { Context, Outcome, PublishRequest } from '../provider.ts';
import { makeAlbum } from './album.ts';
import {
  type FlickrCredential,
  type FlickrHosts,
  flickrCall,
  flickrFailure,
  flickrOk,
  flickrReadFailure,
} from './api.ts';
import { flickrMark, toUpload } from './photo.ts';
import { advance, type FlickrState, keep, wantsAlbum, withMissing, withPhoto } from './state.ts';
import { readUpload } from './xml.ts';

type Request = PublishRequest<FlickrCredential>;

/** One step: looks after the photo that is being processed, uploads the next one, or sees to the album. */
export async function flickrStep(
  hosts: FlickrHosts,
  request: Request,
  state: FlickrState,
  context: Context,
): Promise<Outcome> {
  if (state.ticket !== undefined) return lookAtTicket(hosts, request, state, state.ticket, context);
  if (state.next < (request.variant.media ?? []).length) return upload(hosts, request, state, context);
  if (wantsAlbum(request.variant, state)) return makeAlbum(hosts, request, state, context);
  return advance(state, request, context.now());
}

async function upload(
  hosts: FlickrHosts,
  request: Request,
  state: FlickrState,
  context: Context,
): Promise<Outcome> {
  const wanted = toUpload(request, state.next, hosts.upload, context);
  if (wanted === undefined)
    return refused(request, state, 'media_refused', 'not a file that Flickr takes', context);
  const answer = await context.send(wanted);
  const now = context.now();
  const read = readUpload(answer);
  if (read?.kind === 'photo') return advance(withPhoto(state, read.photo), request, now);
  if (read?.kind === 'ticket') {
    return keep({ ...state, ticket: read.ticket, since: now }, request.channel.account.id, now + 3 * SECOND);
  }
  if (read?.duplicate !== undefined && (await isOurs(hosts, request, state.next, read.duplicate, context))) {
    return advance(withPhoto(state, read.duplicate), request, now);
  }
  const outcome = flickrFailure(answer, read?.error, 'upload', now);
  return outcome.kind === 'rejected'
    ? refused(request, state, outcome.code, outcome.reason, context)
    : outcome;
}

/** The first photo's refusal is that of all; a later one is missing from what stands. */
function refused(
  request: Request,
  state: FlickrState,
  code: string,
  reason: string,
  context: Context,
): Outcome {
  if (state.ids.length === 0) return { kind: 'rejected', code, reason };
  const { ticket: _ticket, since: _since, ...rest } = state;
  const missing = withMissing(rest, `Photo ${state.next + 1}: ${reason}`);
  return advance({ ...missing, next: state.next + 1 }, request, context.now());
}

/** An equal file is ours when it bears our mark: the same upload came through before. */
async function isOurs(hosts: FlickrHosts, request: Request, index: number, photo: string, context: Context) {
  const given = { photo_id: photo };
  const answer = await flickrCall(
    hosts,
    request.credential,
    { by: 'http', verb: 'GET', method: 'flickr.photos.getInfo', given },
    context,
  );
  const tags = flickrOk(answer, tagsSchema)?.photo.tags.tag ?? [];
  return tags.some(({ raw }) => raw === flickrMark(request.delivery.key, index));
}

const tagsSchema = z.object({
  photo: z.object({ tags: z.object({ tag: z.array(z.object({ raw: z.string().optional() })) }) }),
});

/** https://www.flickr.com/services/api/flickr.photos.upload.checkTickets.html */
async function lookAtTicket(
  hosts: FlickrHosts,
  request: Request,
  state: FlickrState,
  ticket: string,
  context: Context,
): Promise<Outcome> {
  const method = 'flickr.photos.upload.checkTickets';
  const answer = await flickrCall(
    hosts,
    request.credential,
    { by: 'http', verb: 'GET', method, given: { tickets: ticket } },
    context,
  );
  const now = context.now();
  const told = flickrOk(answer, ticketsSchema)?.uploader.ticket.find(({ id }) => id === ticket);
  if (told === undefined) {
    const failure = flickrReadFailure(answer, now);
    // What cannot be looked at now stands as well as before.
    return failure.kind === 'unavailable' ? again(request, state, now) : failure;
  }
  if (told.complete === 1 && told.photoid !== undefined) {
    return advance(withPhoto(state, told.photoid), request, now);
  }
  if (told.complete === 2) {
    return refused(request, state, 'media_refused', 'Flickr could not convert the file', context);
  }
  if (told.invalid === 1)
    return { kind: 'uncertain', reason: 'Flickr has forgotten what became of the upload' };
  return again(request, state, now);
}

function again(request: Request, state: FlickrState, now: number): Outcome {
  const waited = now - (state.since ?? now);
  if (waited > LONGEST_WAIT) {
    return { kind: 'uncertain', reason: 'Flickr has been processing the upload for hours' };
  }
  const wait = Math.min(Math.max(waited / 2, 3 * SECOND), 5 * MINUTE);
  return keep(state, request.channel.account.id, now + wait);
}

const LONGEST_WAIT = 6 * HOUR;

const ticketsSchema = z.object({
  uploader: z.object({
    ticket: z.array(
      z.object({
        id: z.coerce.string(),
        complete: z.coerce.number().optional(),
        invalid: z.coerce.number().optional(),
        photoid: z.coerce.string().regex(/^\d+$/).optional(),
      }),
    ),
  }),
});
