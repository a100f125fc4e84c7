import type { Text } from '../Text.ts';

export const captions: Text['captions'] = {
  title: 'Subtítulos',
  off: 'Desactivados',
  sizes: { small: 'Texto pequeño', medium: 'Texto mediano', large: 'Texto grande' },
  background: 'Fondo oscuro',
  transcript: 'Transcripción',
  showTranscript: 'Mostrar transcripción',
  hideTranscript: 'Ocultar transcripción',
  search: 'Buscar en la transcripción',
  nothingFound: 'Ninguna línea tiene esas palabras.',
  loading: 'Cargando subtítulos…',
  failed: 'No se pudieron cargar los subtítulos',
};
