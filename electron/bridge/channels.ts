/** The two wires between page and main. There is no third. */
export const CALL_CHANNEL = 'keyrite:call';
export const EVENT_CHANNEL = 'keyrite:event';
