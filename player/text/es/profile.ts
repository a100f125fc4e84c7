import type { Text } from '../Text.ts';
import { isolate } from '../isolate.ts';

export const profile: Text['profile'] = {
  personTitle: 'Tú',
  pictureTitle: 'Foto',
  pictureHint: 'Los demás la ven junto a tu nombre. JPEG, PNG, WebP, AVIF o GIF.',
  choosePicture: 'Elegir foto',
  changePicture: 'Cambiar foto',
  removePicture: 'Quitar foto',
  pictureSaved: 'Foto guardada.',
  pictureRemoved: 'Foto quitada.',
  cropTitle: 'Recorta tu foto',
  cropHint: 'Arrastra la foto o usa las flechas. Amplía con el control.',
  cropArea: 'Parte visible de la foto',
  zoom: 'Ampliación',
  usePicture: 'Usar foto',
  pictureUnreadable: 'Este navegador no puede abrir el archivo. Elige un archivo JPEG, PNG, WebP, AVIF o GIF.',
  pictureOf: (name: string) => `Foto de ${isolate(name)}`,
  regionTitle: 'Idioma y hora',
  language: 'Idioma',
  languageOfBrowser: (language: string) => `El del navegador (${language})`,
  timeZone: 'Zona horaria',
  timeZoneHint: (time: string) => `Hora actual: ${time}`,
  timeZoneOfBrowser: (zone: string) => `La del navegador (${zone})`,
  languageFailed: 'No se ha podido cargar el idioma. Revisa tu conexión e inténtalo de nuevo.',
};
