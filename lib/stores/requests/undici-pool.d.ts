/** The part of undici that is used here: the whole of it takes twice as long to load. */
declare module 'undici/lib/dispatcher/pool.js' {
  import { Pool } from 'undici';

  export default Pool;
}
