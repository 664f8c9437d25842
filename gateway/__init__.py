"""Between the networks and the dialogue: what comes in, what goes out, over which line.

Words: **medium** (ussd, sms, voice, web, email), **line** (an address we own), **session** (the network's), **MO** in,
**MT** out, **DLR** delivery report, **MSISDN**, **segment**, **screen**.
"""
