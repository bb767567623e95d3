"""How a message is put into words, and the ways on which it leaves the house: e-mail, chat and SMS."""
