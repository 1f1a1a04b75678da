/** The room where the stars appear. */
export const starRoom = 'late-night-jazz';

/** The room where one answer now and then is lost on its way back. */
export const quietRoom = 'quiet-corner';

/** A room that does not exist. */
export const closedRoom = 'after-hours';

/** At most 16 letters, so that a line about one of them fits a terminal of 80 columns. */
export const roomNames: readonly string[] = [
  starRoom,
  'book-club',
  'morning-news',
  'chess-talk',
  'indie-lounge',
  'poetry-slam',
  'startup-stories',
  'true-crime',
  'night-drive',
  'karaoke-bar',
  'ask-a-doctor',
  'football-fans',
  'garden-chat',
  'history-hour',
  'language-swap',
  'lofi-study',
  'movie-night',
  'open-mic',
  'parents-corner',
  'philosophy-cafe',
  'pub-quiz',
  'retro-games',
  'science-friday',
  'soul-kitchen',
  'space-talk',
  'standup-comedy',
  'tech-support',
  'travel-tales',
  'vinyl-club',
  'world-music',
];

/** At most six letters: the width of a seat on a terminal of 80 columns. */
export const names: readonly string[] = (
  'Mia Tom Ada Ben Zoe Max Lea Jan Eva Leo Ida Sam Amy Kai Nora Finn Lena Paul Rosa Hugo Maya Omar Ines Luca Anna Noah Yuki ' +
  'Ravi Lucy Emil Sara Theo Jana Axel Olga Ivan Nina Erik Lily Juan Vera Otto Hana Marc Iris Karl Dora Luis Elsa Mika Greta ' +
  'Pablo Clara Felix Aisha Oscar Priya Simon Freya David Chloe Bruno Tessa Amara'
).split(' ');

/** Whoever appears on seat 0 of the star room, one after the other. */
export const stars: readonly string[] = ['Aretha', 'Miles', 'Ella', 'Prince'];
