"""The county's calendar: which days are worked, public holidays and moved days (调休) included."""
