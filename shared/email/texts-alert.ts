import type { AlertTexts, Texts } from './texts.ts';
import { alertDe } from './texts-de-alert.ts';
import { alertEn } from './texts-en-alert.ts';

/** The texts of an alert. They are not among `Texts`, so that who only renders reports does not carry them. */
export function alertTextsFor(language: Texts['language']): AlertTexts {
  return language === 'de' ? alertDe : alertEn;
}
