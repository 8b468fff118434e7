/** The order ticket as the rest of the page knows it. */
export { fillTicket, useTicketDraft, type TicketDraft } from './draft';
