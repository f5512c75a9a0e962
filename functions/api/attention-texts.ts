import type { HoldCode } from '../../shared/domain/hold.ts';
import type { Language } from './answers.ts';

type Said = Readonly<Record<Language, string>>;

/** Why something waits for a person; the codes of `GET /v1/attention`. */
export const ATTENTION_CODES = [
  'failed',
  'missed',
  'uncertain',
  'held',
  'assist',
  'channel_expiring',
  'channel_expired',
  'channel_disconnected',
  'report_not_sent',
] as const;
export type AttentionCode = (typeof ATTENTION_CODES)[number];

/** What to do, in words. */
export const WHAT_TO_DO: Readonly<Record<Exclude<AttentionCode, 'held'>, Said>> = {
  failed: {
    en: 'It was not published. Correct the post if the reason asks for it, then retry or cancel the delivery.',
    de: 'Nicht veröffentlicht. Beitrag korrigieren, falls der Grund es verlangt, dann die Zustellung wiederholen oder absagen.',
  },
  missed: {
    en: 'Its time has passed. Retry to send it now, give it a new time, or cancel it.',
    de: 'Der Zeitpunkt ist vorbei. Wiederholen, um jetzt zu senden, neu terminieren oder absagen.',
  },
  uncertain: {
    en: 'It may be out. Look on the network, then resolve the delivery as published or not published.',
    de: 'Vielleicht veröffentlicht. Im Netzwerk nachsehen und die Zustellung dann als veröffentlicht oder nicht veröffentlicht auflösen.',
  },
  assist: {
    en: 'A person was asked by mail to publish it by hand. Publish it, then confirm on the page in that mail, or resolve the delivery.',
    de: 'Jemand wurde per E-Mail gebeten, von Hand zu veröffentlichen. Veröffentlichen und dann auf der Seite aus dieser E-Mail bestätigen oder die Zustellung auflösen.',
  },
  channel_expiring: {
    en: 'The login will end and cannot be renewed by itself. Connect the channel again before.',
    de: 'Die Anmeldung endet und lässt sich nicht von selbst erneuern. Den Kanal vorher neu verbinden.',
  },
  channel_expired: {
    en: 'The network refuses the credential. Give the channel a new one; what is held goes on by its late policy.',
    de: 'Das Netzwerk lehnt die Zugangsdaten ab. Neue hinterlegen; was wartet, geht nach seiner Verspätungsregel weiter.',
  },
  channel_disconnected: {
    en: 'The channel is disconnected. Give it a credential, or delete it.',
    de: 'Der Kanal ist getrennt. Zugangsdaten hinterlegen oder den Kanal löschen.',
  },
  report_not_sent: {
    en: 'The weekly report has not gone out to everybody. Look at it, or ask for the one of that week, then send it.',
    de: 'Der Wochenbericht ist nicht an alle hinausgegangen. Ansehen oder den der Woche anfordern, dann senden.',
  },
};

/** What to do about a held delivery depends on what holds it. */
export const WHAT_TO_DO_HELD: Readonly<Record<HoldCode, Said>> = {
  channel_paused: {
    en: 'The channel is on hold. Release that hold when it may go on.',
    de: 'Der Kanal ist angehalten. Den Stopp aufheben, wenn es weitergehen darf.',
  },
  channel_expired: {
    en: 'The channel must be reconnected: give it a new credential.',
    de: 'Der Kanal muss neu verbunden werden: neue Zugangsdaten hinterlegen.',
  },
  brand_held: {
    en: 'The brand is on hold. Release that hold when it may go on.',
    de: 'Die Marke ist angehalten. Den Stopp aufheben, wenn es weitergehen darf.',
  },
  agency_held: {
    en: 'The whole agency is on hold. Release that hold when it may go on.',
    de: 'Die ganze Agentur ist angehalten. Den Stopp aufheben, wenn es weitergehen darf.',
  },
  late: {
    en: 'It is later than its late policy allows. Release it to send it now, give it a new time, or cancel it.',
    de: 'Später, als die Verspätungsregel erlaubt. Freigeben, um jetzt zu senden, neu terminieren oder absagen.',
  },
};
