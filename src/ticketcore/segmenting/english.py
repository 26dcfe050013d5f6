"""What people do in a conversation, in English, by what it is a cue for."""

from ticketcore.cues.language import Language

ENGLISH = Language(
    "en",
    {
        "greets": "hello | hi | hey | hii | hiii | hai | helo | hallo | hullo | hiya | howdy | "
        "greetings | yo | good morning | good afternoon | good evening | good day to you | gm | "
        "dear sir | dear madam | dear team | hello there | hi there | how are you | how do you do | "
        "higood | hellogood",
        "parts": "bye | byee | goodbye | good bye | bye bye | see you | see ya | cya | take care | "
        "good night | farewell | talk to you later | ttyl | catch you later | until next time | "
        "signing off | so long",
        "wishes well": "have a good | have a great | have a nice | have a wonderful | have a lovely | "
        "have an awesome | have a fantastic | have a safe | have a blessed | have fun | enjoy your | "
        "enjoy the | enjoy | good luck | all the best | same to you | you too | best wishes | "
        "have a pleasant | nice day | great day | good day | safe travels | happy to help | "
        "glad to help | glad i could | you're welcome | you are welcome | welcome | youre welcome | "
        "my pleasure | no problem | anytime | don't mention it | happy to be of",
        "ends it": "that's all | thats all | that is all | that'll be all | that will be all | "
        "that would be all | that's it | thats it | that is it | nothing else | nothing more | "
        "nothing | no thanks | no thank you | no thank u | no need | not right now | not now | "
        "not at the moment | i'm good | im good | i am good | all set | i'm done | im done | "
        "i am done | i'm fine | im fine | all i need | all i needed | all good | that was all | "
        "everything i need | everything i needed | that's everything | that is everything | "
        "not today | nope | nothing at the moment | that's enough | thats enough | that is enough | "
        "do not need anything | don't need anything | dont need anything | no more | no further | "
        "nah | i think that's | that covers it | we're done | we are done | that will do | "
        "i'm okay | i am okay",
        "thanks for it": "thank you | thanks | thankyou | thank u | thanku | thx | tysm | tnx | "
        "many thanks | much appreciated | appreciate it | appreciate your | i appreciate | ty | "
        "thankful | grateful | thank",
        "agrees": "yes | yeah | yep | yup | yea | ya | sure | of course | correct | exactly | "
        "absolutely | definitely | certainly | indeed | that's right | thats right | that is right | "
        "that's correct | that is correct | affirmative | yes please | please do | right",
        "takes in": "ok | okay | k | okk | oki | alright | all right | fine | great | cool | good | "
        "nice | perfect | awesome | got it | i see | understood | oh | ah | hmm | hm | wow | "
        "sounds good | sounds great | wonderful | excellent | lovely | amazing | fantastic | "
        "very well | i understand | noted",
        "denies": "no | not | nope | don't | dont | didn't | doesn't | isn't | won't | never | wrong | "
        "instead | actually | no actually | neither | none",
        "adds": "also | another | one more | in addition | besides | by the way | btw | as well | "
        "something else | additionally | too | one last | next | other thing | another thing | "
        "another question | other question | last thing | furthermore | else i need | "
        "while i'm at it | second question | more question | lastly | and one | different matter | "
        "now i | now can | after that | otherwise",
        "points back": "it | that | this | there | they | them | those | these | he | she | his | her | "
        "its | the same | that one | this one | the first one | the second one | the other one | "
        "one | ones | then",
        "resumes": "still | any update | any updates | any news | again | as i said | follow up | "
        "following up | previous | earlier | back to | regarding | as for | about my | about the | "
        "sorry for the delay | late reply | as mentioned | like i said | yesterday | last time | "
        "i'm back | im back | are you there | you there | hello are you | waiting",
        "says what i need": "i need | i want | i would like | i'd like | id like | i'm looking | "
        "im looking | i am looking | looking for | i was looking | i'm trying | im trying | "
        "i am trying | i was wondering | i wonder | i have a problem | i have an issue | "
        "i have a question | i'm having | i am having | i'm calling | i am calling | i was hoping | "
        "help me | can you help | could you help | need help | i'm interested | i am interested | "
        "i wish to | wanna | i was trying | i'm writing | i am writing | i have to | i wanted to | "
        "we need | we want | we'd like | please help | assist me | i need your help | i'm planning | "
        "i am planning | i'm in the mood | i feel like | i lost | i've lost | i forgot | find me | "
        "get me | book me | show me | i'm thinking | i am thinking | i've been | i just want | "
        "just wanted | i got a | i'm hungry | i am hungry | im calling | need to | want to",
        "says who": "my name is | name is | this is | i am called | my name's | i'm called | name's | my full name",
        "asks for more": "anything else | something else i can | what else | any other | "
        "further assistance | further help | anything more | any further | else can i | else i can | "
        "other questions | more questions | else you need | else you would | "
        "help you with anything | other assistance | assist you further | help you further | "
        "need any more | require anything | require more | else for you",
        "offers help": "how can i help | how may i help | how can i assist | how may i assist | "
        "what can i do for | what can i help | how can i be of | what may i | how could i help | "
        "how can we help | what do you need | what's up | what can we do | how might i | "
        "what brings you | what would you like to do | how can i serve | what i can do for | "
        "here to help | happy to assist | welcome to",
        "asks name": "your name | your full name | who am i speaking | who is this | whose name | "
        "what name | which name | under what name | name please | name for | the name | "
        "first and last name | full name",
        "asks number": "your number | account number | phone number | confirmation number | "
        "order number | booking number | booking reference | reference number | policy number | "
        "pin | pin number | your id | id number | zip code | digits | telephone number | "
        "number please | ticket number | card number | security number | serial number | ride id | "
        "membership number | customer number | contact number | booking id | account id | "
        "employee id | security code | postcode | license plate | plate number | access code | "
        "mobile number",
        "asks mail": "email | e-mail | email address | mail id | mail address | e mail",
        "asks consent": "would you like | do you want | is that correct | is that right | "
        "is this correct | shall i | should i | can you confirm | please confirm | confirm that | "
        "can i confirm | correct | right | does that work | does that sound | is that ok | "
        "is that okay | is it ok | are you sure | do you agree | would that | sound good | "
        "may i proceed | can i proceed | shall we | would you prefer | do you mind | do you accept | "
        "can i book | would you want | is this okay | ok with you | is everything | will that | "
        "should we | do you need | do you have",
        "asks to choose": "which | prefer | preference | preferences | which one | what type | "
        "what kind | what sort | what size | what color | what colour | what flavor | either | "
        "any particular | any specific | anything in particular",
        "asks date": "what date | which date | what day | which day | what time | when | which month | "
        "date and time | for how long | how many days | how many nights | until when | date of birth",
        "reports it done": "has been | have been | i've booked | i have booked | i booked | booked | "
        "confirmed | is confirmed | successfully | success | reserved | i've sent | i have sent | "
        "i've added | i have added | is done | all done | completed | submitted | processed | "
        "i've made | i have made | i've scheduled | scheduled | was successful | you're all set | "
        "you are all set | taken care | has started | is now | i've updated | updated | "
        "i've cancelled | cancelled | canceled | transferred | is being | on its way | "
        "will be ready | will receive | will get | placed | you will | it's done | arranged | "
        "resolved | fixed",
        "waits": "one moment | a moment | just a moment | let me check | let me look | let me see | "
        "please wait | just a second | one second | a sec | hold on | give me a | checking | "
        "bear with me | one minute | a minute | i'll check | i will check | let me find | "
        "i'll look | i will look | looking into | please hold | hang on | working on | let me",
        "is sorry": "sorry | apologise | apologies | apologize | unfortunately | my bad | i'm afraid | "
        "excuse me | pardon",
    },
)
"""The cues of English."""
