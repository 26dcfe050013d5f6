"""What customers say in English, by what it is a cue for."""

from ticketcore.cues.language import Language

ENGLISH = Language(
    "en",
    {
        "wants": "want | wants | wanted | wanna | need | needs | needed | needing | would like | "
        "id like | i'd like | would love | i'd love | like to | wish | hoping | looking to | "
        "trying to | intend | plan to | have to | interested | require | love to | "
        "going to | gonna | in need",
        "asks us": "can you | could you | would you | will you | can u | could u | are you able | "
        "help me | assist me | help with | can someone | would it be possible for you | "
        "will u | you help | help us",
        "asks leave": "can i | could i | may i | can we | could we | is it possible | am i able | "
        "possible to | if i could | if i can | i can",
        "please": "please | pls | plz | kindly",
        "knows": "know | knowing | knoe | find out | tell | inform | let me know | learn* | wonder* | "
        "curious | inquir* | enquir* | ask about | asking about | question about | "
        "questions about | information | info | details | detail | explain* | clarif* | "
        "advise | understand* | hear about | guide | more about | describe | heard | "
        "look into | idea of | figure out | remind me | update on | summary | summarized",
        "seeks": "find | finding | search* | look for | looking for | look up | browse | discover | "
        "explore | hunting | locate | locating | seeking | in search of | "
        "in the market for | pull up",
        "asks advice": "recommend* | suggest* | options | what kind | ideas | things to do | "
        "something to do | somewhere | show | list of | choices | any good | tips | "
        "opinion | best way | advice",
        "checks": "check | checks on | checking on | checking | check on | check out | checkout | "
        "view | see | look at | verify | confirm | have a look | take a look | review | "
        "access my | seeing | track | tracking | watch out | get to know",
        "asks when": "when | what time | how long | how soon | what day | what days | what date | "
        "how many days | until when",
        "asks where": "where | which branch | nearest | closest | near me | nearby | near here | "
        "close by | close to me | around here | in my area | local",
        "asks how much": "how much | how many | what is the price | what's the price | how expensive | "
        "how far | how big | what percentage | how old",
        "asks how": "how do | how can | how to | how does | how is | how would | how should | "
        "what is the process | what is the procedure | the procedure | steps | what do i | "
        "what should i | what do you need",
        "asks what": "what | what's | whats | which | who | whose | whether | who's",
        "asks why": "why | how come | what happened | reason for",
        "asks whether": "is there | are there | do you have | do you offer | do you know | does it | "
        "does the | does this | do they | do i have | did my | did the | is my | is the | "
        "are the | is it | is this | is that | are these | am i eligible | do i qualify | "
        "has my | have you got | have my | has the | was the | was my | is any | are any | "
        "any new | what about | how about | what if | will it | will my | will the | "
        "can it | do i get | do i need | am i | do you guys | do you accept | do you take | "
        "does my | are you open | would it be | if there is | if there are",
        "names a fact": "balance* | balence | status | hours | price* | cost | costs | rate | rates | fee | "
        "fees | weather | temperature | forecast | score | eligib* | availab* | qualif* | "
        "promotion* | discount* | offers | offer | deals | limit | limits | minimum | "
        "maximum | opening times | phone number of | routing number | policy number | "
        "policy no | account number | number of my | number of the | history | "
        "transactions | statement | due date | schedule of | showtimes | show times | "
        "timetable | timings | rating | reviews | benefits | charges for | charges of | "
        "interest | apr | requirement* | difference between | coverage | covered | "
        "included | date of | dates | the date | expir* date | seat no | seat number | "
        "seat info | how it works | policies | branch | atm | went through | go through | "
        "cleared | arrival | arrive | eta",
        "names a find": "restaurant* | place to eat | places to eat | to eat | movies | films | events | "
        "event | concerts | concert | attractions | apartment* | hotels | places | doctors | "
        "salon | stylist | dentist | therapist | agent nearby | songs | music by | flights | "
        "buses | trains | cars | activities | museum* | shows | providers | specialist | "
        "bus to | bus from | train to | train from | house | flat | properties | stores | "
        "shops | provider | dermatologist | general practitioner | psychologist",
        "changes": "change | changes | changed | changing | updat* | modify* | edit | switch* | "
        "upgrade* | upgrading | downgrade* | move | moving | moved | shift | correct | "
        "replace* | replac* | renew* | reset* | increase | lower the | reduce | adjust* | "
        "convert | rename | reschedul* | alter* | amend* | swap | different plan | instead | "
        "extend | set my | set the | fix my address",
        "ends": "cancel* | close | closing | closed | stop | remov* | delet* | block* | terminat* | "
        "unsubscrib* | return my | return the | freeze | end my | deactivat* | disable | "
        "turn off | rid of | unenroll | opt out | drop my | suspend | disconnect*",
        "creates": "open a | open an | open new | open another | open up | add | adding | create* | "
        "creating | enrol* | sign up | sign me up | register* | registration | start a | "
        "start my | start the | start new | starting | apply* | application for | activat* | "
        "set up | setup | setting up | join | subscribe | subscription | new account | "
        "new service | new connection | new plan | new card | new one | install* | "
        "new policy | upload | link my | opening a | opening an | download | get started",
        "buys": "buy | buying | to order | order a | order an | order some | order me | order for | "
        "order new | order more | order it | order one | order two | order another | "
        "order check | order checks | want order | need order | please order | "
        "kindly order | can order | also order | and order | set order | new order | "
        "recurring order | recurring orders | an order | ordering | purchas* | pay | "
        "paying | payment for | make a payment | rent | renting | hire | get me | bring me | "
        "add to | to go | cart | checkout now | i'll have | ill have | i will have | "
        "i'll take | ill take | i will take | can i have | can i get | could i get | "
        "can i order | could i have",
        "books": "book | booking | book it | reserve | reserving | reservation* | schedule a | "
        "schedule an | schedule the | schedule it | schedule me | schedule for | "
        "scheduling | appointment* | ticket | tickets | table for | a table | set a | "
        "make a reservation | visit on | visit it | visit the | to visit | tour",
        "sends": "send | sent me | sending | transfer* | wire | mail me | email me | email it | "
        "deliver* | issue me | provide | give me | share my | share the | copy | copies | "
        "proof | receipt | document* | certificate | boarding pass* | invoice | deposit | "
        "forward | id card | print* | text me | message to | withdraw* | refill | resend | "
        "ship | paperwork",
        "breaks": "fix* | repair* | broken | broke | crack* | not working | isn't working | "
        "isnt working | doesn't work | doesnt work | not opening | not opened | can't open | "
        "error* | issue | issues | problem* | damag* | lost | loss | stolen | steal | "
        "stole | missing | missed | misplaced | forgot* | locked out | disput* | fraud* | "
        "wrong | incorrect | isn't correct | mistake | reimburs* | refund* | file a | "
        "file an | filing | claim for | new claim | make a claim | submit* | report | "
        "reporting | accident | crash* | unauthori* | don't recognize | dont recognize | "
        "didn't make | not mine | overcharg* | charged twice | double charg* | hacked | "
        "compromised | complain* | weird | complaint | trouble | unable to | debited | "
        "malfunction* | stuck | failed | fail* to | slow | crashed | suspicious | got hit | "
        "hit my | hit by | someone used | lost it | down | dispute",
        "plays": "play | playing | watch | watching | listen* | stream | streaming | start playing | "
        "put on | turn on | turn up | turn it",
        "hurries": "now | asap | immediately | urgent* | right away | today | quickly | at once | "
        "as soon as possible | right now",
        "accepts": "sounds good | sounds great | sounds like | sounds nice | sounds fine | "
        "sounds perfect | sounds interesting | sounds fun | that works | works for me | "
        "i like it | i like that | that's good | thats good | that is good | "
        "that's perfect | perfect | that will do | will work | would be great | looks good | "
        "seems good | i love that | that one | this one | is good | is fine | is great | "
        "is perfect | seems fine | good choice | i'm in | that will be | good for me | "
        "go ahead | go with | proceed | great choice | i love it | i really like | love to",
        "thanks": "thanks | thank you | thank u | thanku | thx | great | awesome | cool | nice | "
        "wonderful | appreciate",
        "yields": "yes | yeah | yep | ok | okay | sure | alright | fine | right | yea | correct",
    },
)
"""The cues of English."""
