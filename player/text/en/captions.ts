export const captions = {
  title: 'Captions',
  off: 'Off',
  sizes: { small: 'Small text', medium: 'Medium text', large: 'Large text' },
  background: 'Dark background',
  transcript: 'Transcript',
  showTranscript: 'Show transcript',
  hideTranscript: 'Hide transcript',
  search: 'Search in transcript',
  nothingFound: 'No line has these words.',
  loading: 'Loading captions…',
  failed: 'Captions could not be loaded',
};
