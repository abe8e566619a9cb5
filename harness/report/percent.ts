/** A share as `91.3 %`. Rounded down: what is not all is never shown as all. */
export const percent = (share: number): string => `${Math.floor(share * 1000) / 10} %`;
