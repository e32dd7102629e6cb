import type { Concept } from './knowledge';

/**
 * Words of everyday English that ask for the same thing, whatever the trade: a knowledge that says "cancel" is found by
 * "call off" too. They stand beside the concepts of the knowledge, which know the trade and count more.
 *
 * Written by hand from general knowledge of what people ask shops, banks, hotels, employers and assistants (the names of
 * CLINC150's intents and some sentences of HINT3's training files were known). A group is named by its first word; a
 * word may stand in several, and then says less.
 */
export const EVERYDAY_CONCEPTS: readonly Concept[] = `
price, cost, fee, charge, rate, how much, expensive, cheap, pay for, worth, quote, pricing, pricey, affordable, dollars, bucks, tariff
pay, payment, paid, card, cash, check, cheque, credit, debit, paypal, billing, transaction, money
instalment, installment, emi, monthly, finance, financing, loan, credit, payment plan, pay later, spread the cost
discount, offer, deal, coupon, promo, promotion, sale, voucher, reduction, special offer, cheaper, bargain
refund, money back, return, reimburse, reimbursement, get back, send back
cancel, cancellation, call off, annul, undo, stop, terminate, end, drop, scrap, abort, get rid of
change, modify, alter, adjust, update, edit, switch, swap, replace, exchange, convert, amend, revise
reschedule, move, postpone, shift, delay, push back, rearrange, another day, different time
buy, purchase, order, get, acquire, shop, obtain, procure
order, purchase, package, parcel, shipment, delivery, item, product, goods
deliver, delivery, ship, shipping, shipment, arrive, arrival, dispatch, courier, send, receive, package, post
track, tracking, status, where is, progress, check on, arrive, on its way
where, location, located, address, place, directions, situated, position, whereabouts, based
near, nearby, close to, closest, nearest, around here, local, in my area, in the area, vicinity
store, shop, showroom, branch, outlet, dealer, retailer, office, premises
far, distance, miles, kilometers, away, how long to get
directions, route, way to, get to, navigate, map, path
car, vehicle, auto, automobile, truck, van, motorbike
taxi, cab, uber, lyft, ride
fuel, gas, petrol, gasoline, diesel, tank, mileage, mpg
repair, fix, mend, service, maintenance, inspection, checkup, tune up, mechanic, solve, resolve
tire, tires, tyre, wheel, flat, puncture
engine, battery, motor, start, oil
traffic, congestion, road, rush hour, commute, jam
travel, trip, journey, vacation, holiday, visit, traveling, tour, abroad, overseas, going to
flight, plane, airplane, fly, flying, airline, airport, jet
hotel, motel, room, accommodation, lodging, inn, hostel, place to stay
luggage, bag, suitcase, baggage, carry on, bags
foreign, international, abroad, overseas, another country, out of the country, passport, visa
plug, outlet, socket, adapter, charger, electrical
book, reserve, reservation, booking, appointment, make an appointment, arrange, set up, slot
open, opening, hours, closed, close, closing, shut
how long, duration, length of time, time frame
wait, waiting, queue, line, busy, crowded, wait time
start, begin, commence, initiate, launch, activate, turn on, enable, switch on
finish, complete, completed, done, end, over, final
turn off, switch off, disable, deactivate, shut down, shut off, stop
help, assist, assistance, support, aid, advise, advice, guide
information, info, explain, details, detail, describe, tell me about, learn about, find out
recommend, recommendation, suggest, suggestion, best, advise, advice, pick, choose, should i get
difference, different, differ, compare, comparison, versus, vs, better, distinguish
size, dimension, dimensions, measure, measurement, fit, width, height, length, inches, feet, big, small, wide
weight, heavy, weigh, kg, pounds
number, how many, count, amount, total, quantity
money, funds, cash, dollars, savings
account, balance, bank, savings, checking
balance, how much money, funds, left, remaining, available
transfer, send, move, wire, deposit
bill, invoice, statement, utility, due, owe
spend, spent, spending, expense, expenses, purchase, transaction, bought
limit, maximum, max, cap, ceiling, most
minimum, min, least, lowest, smallest
increase, raise, higher, more, extend, bigger, grow, up
decrease, lower, reduce, less, down, cut, smaller
lost, lose, missing, misplaced, stolen, cannot find, gone, disappeared
broken, damaged, damage, defective, faulty, not working, does not work, stopped working, cracked, bent, problem, issue, fail, wrong, torn, malfunction
blocked, block, frozen, freeze, locked, hold, suspended, restricted
declined, decline, rejected, refused, denied, turned down
fraud, fraudulent, scam, suspicious, unauthorized, stolen, hacked
password, pin, passcode, code, login, log in, sign in
expire, expiration, run out, valid, good until, go bad, spoil, shelf life
warranty, guarantee, guaranteed, covered, coverage
insurance, insured, coverage, policy, health plan, covered, benefits
try, trial, test, sample, demo
quality, good, reliable, review, rating, reputation, well made
feature, benefit, advantage, specification, property, special about
material, made of, fabric, composition, contains, made from
ingredient, ingredients, what goes in, what is in, contains, recipe
food, meal, dish, eat, dinner, lunch, breakfast, supper, cuisine, snack
cook, make, bake, prepare, recipe, boil, fry, roast, grill
restaurant, diner, cafe, place to eat, bistro, dining, eatery
nutrition, calories, calorie, healthy, fat, carbs, protein, sugar, vitamin, sodium
instead of, substitute, alternative, in place of, replacement, replace, swap
health, medical, doctor, hospital, sick, illness
medicine, medication, tablet, capsule, pill, dose, supplement, drug
vaccine, vaccination, shots, immunization, injection, jab
pain, ache, sore, hurt, painful, discomfort
safe, safety, danger, dangerous, risk, harmful, side effect, side effects
clean, wash, cleaning, hygiene, stain, dirty, dust
child, kid, baby, children, kids, toddler, infant
human, person, agent, representative, operator, staff, real person, somebody
contact, call, phone, reach, email, get in touch, speak to, talk to, telephone, message
call, phone, dial, ring, telephone
message, text, sms, send
complaint, complain, unhappy, terrible, disappointed, worst, dissatisfied, poor
company, business, organization, firm, corporation, employer, boss
job, work, employer, career, hiring, vacancy, vacancies, occupation
salary, wage, income, paycheck, earn, earnings, payday, get paid
time off, day off, days off, leave, holiday, vacation days, pto
request, ask for, apply, submit, application, put in, file
approved, approve, accept, accepted, granted, go through
tax, taxes, taxable, irs
retirement, pension, ira
meeting, conference, appointment, event
calendar, schedule, agenda, event, plans, appointments
remind, reminder, remember, forget, memo
to do, todo, tasks, list
add, put, include, insert, append
remove, delete, erase, take off, clear, cross off, get rid of, take away, wipe
music, song, play, tune, playlist, artist, album, band, listen
next, skip, following, another, coming, upcoming
volume, loud, quiet, louder, quieter, sound
speak, talk, say, voice, pronounce
fast, quick, speed, quickly, faster, slow, slower, soon
language, spanish, english, french, german, chinese, italian
define, definition, meaning, mean
spell, spelling, spelled, letters
translate, translation, how do you say, how do i say
weather, temperature, rain, forecast, sunny, snow, humid, raining, degrees
clock, time is it, timezone, time zone, what time, current time
date, day is it, today, month
alarm, wake me, wake up
timer, countdown
calculate, math, sum, plus, times, divide, multiply, square root, minus
convert, conversion, how many, ounces, inches, cups, liters, grams, kilograms, feet, meters, miles
joke, funny, laugh, humor
fact, trivia, interesting
name, called, call you, call me
robot, bot, computer, human, real person, artificial, machine, ai
made you, created, built, designed, programmed, developer, inventor, creator, invented
hobby, hobbies, fun, free time, spare time, like to do, enjoy
hello, hi, hey, good morning, good evening, greetings, howdy, how are you
goodbye, bye, see you, farewell, take care, talk to you later
thanks, thank, appreciate, grateful, cheers
yes, yeah, sure, correct, right, true, affirmative, absolutely, yep, definitely, of course
no, nope, nah, negative, false, wrong
maybe, perhaps, not sure, possibly, i do not know, unsure, uncertain, might
again, repeat, say that again, come again, what did you say, one more time, once more
confirm, confirmation, verify, make sure, validate, double check, check
cellphone, cell, mobile, smartphone, device, phone
find, locate, look for, search, look up
connect, sync, pair, link, bluetooth, disconnect
reset, factory, default, original settings, restore, wipe
settings, options, preferences, configuration
alert, warning, advisory, notify, notification
points, rewards, reward, cashback, perks, redeem
interest, apr, percentage, percent
score, rating, points, result
improve, better, enhance, boost, build
currency, exchange rate, euro, dollar, yen, pounds, pesos
share, send, tell
home, house, apartment, light, lights, lamp, thermostat
coin, flip, toss, heads or tails
dice, roll, die
dog, pet, cat, animal, pets
from, born, origin, hometown, come from
what can you do, capable, able to do, abilities, what can i ask, help me with
match, game, team, player, tournament, league, contest
join, enter, participate, register, sign up, enroll, subscribe, registration
win, winner, winning, prize, victory, winnings
use, how to use, usage, operate, consume, apply
eligible, qualify, allowed, who can, requirement, requirements, criteria, entitled
how does it work, process, procedure, steps, how it works
document, documents, papers, proof, certificate, license, form, identification
profile, account, log in, login, sign in, username, register
website, site, online, web, link, webpage, app, application
picture, photo, image, video, pics
color, colour, shade, black, white, red, blue, brown, grey
comfortable, comfort, soft, firm, hard
sleep, bed, pillow, night, bedroom
weight loss, lose weight, diet, slim, fat loss
partner, partnership, distributor, franchise, wholesale, bulk, reseller
stock, available, availability, in stock, sold out, inventory
gift, present, surprise
city, town, area, zip, pin code, pincode, region, state, postcode
latest, last, previous, recent, most recent
now, today, currently, right now, at the moment
tomorrow, next week, soon, later, upcoming
great, good, excellent, nice, top, amazing
old, age, aged, years old
`
  .trim()
  .split('\n')
  .map((line) => {
    const words = line.split(', ');
    return { name: words[0]!, words };
  });
